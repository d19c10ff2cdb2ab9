package io.nexusid.arrow;

import io.nexusid.api.ChangeReason;
import io.nexusid.api.NexusConfig;
import io.nexusid.arrow.store.Snapshot;
import io.nexusid.graph.Entities;
import io.nexusid.graph.EntityNamer;
import io.nexusid.graph.IdentitySnapshot;
import io.nexusid.graph.KeyDictionary;
import io.nexusid.graph.NodeOrder;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Who is who as a store decided it, for a run over the store's rows: the run numbers identifiers its own way, and this
 * translates. The history of resolved identifiers is read from the store when it is asked for.
 */
final class StoredResolutions {
    private static final int NONE = IdentitySnapshot.NONE;

    private final NexusConfig config;
    private final Snapshot epoch;
    private final IdentitySnapshot identities;
    private final List<String> types;

    StoredResolutions(NexusConfig config, Snapshot epoch, IdentitySnapshot identities) {
        this.config = config;
        this.epoch = epoch;
        this.identities = identities;
        this.types = StoredIdentity.resolvedTypes(config);
    }

    /** The entities of a run's identifiers, with the ids that the store gave them. */
    Entities entities(
            Run run, IdentifierRows rows, NodeOrder order, int[] resolvedTypeOfKind, List<String> resolvedTypes) {
        int[] stored = storedNodes(run, rows, resolvedTypeOfKind);
        int[] entityOfNode = new int[stored.length];
        for (int v = 0; v < stored.length; v++) {
            entityOfNode[v] = identities.entityOf(stored[v]);
        }
        return EntityNamer.named(rows.nodes(), order, resolvedTypeOfKind, resolvedTypes, identities, entityOfNode);
    }

    /** By node of a run the store's, -1 where its type is not resolved. */
    private int[] storedNodes(Run run, IdentifierRows rows, int[] resolvedTypeOfKind) {
        KeyDictionary nodes = rows.nodes();
        int[] stored = new int[nodes.size()];
        byte[][] typeOfKind = new byte[rows.kinds().size()][];
        for (int kind = 0; kind < typeOfKind.length; kind++) {
            typeOfKind[kind] = run.identifierTypeNames().bytes(rows.kinds().identifierType(kind));
        }
        for (int v = 0; v < stored.length; v++) {
            int kind = nodes.kind(v);
            int type = resolvedTypeOfKind[kind];
            stored[v] = type < 0 ? NONE : identities.node(type, typeOfKind[kind], nodes.bytes(v));
        }
        return stored;
    }

    /** How the run's identifiers came to their entities. Reads all that the store ever decided. */
    NodeResolutions resolutions(Run run, IdentifierRows rows, int[] resolvedTypeOfKind) throws IOException {
        return new History(storedNodes(run, rows, resolvedTypeOfKind));
    }

    /** Appends the id that an entity has or had. */
    static void appendId(
            NexusConfig config, List<String> types, IdentitySnapshot identities, int entity, OutputColumn.Scratch out) {
        String type = types.get(identities.type(entity));
        byte[] prefix = Bytes.of(config.entityType(type).orElseThrow().prefix() + "_");
        out.appendId(prefix, identities.high(entity), identities.low(entity));
    }

    private final class History implements NodeResolutions {
        private final int[] stored;
        private final ChangeReason[] reason = new ChangeReason[identities.nodes()];
        private final int[] previous = new int[identities.nodes()];
        private final long[] watermark = new long[identities.nodes()];
        private final int[] event = new int[identities.nodes()];
        private final KeyDictionary events = new KeyDictionary(1 << 10);
        private final Map<ChangeReason, byte[]> codes = new EnumMap<>(ChangeReason.class);

        History(int[] stored) throws IOException {
            this.stored = stored;
            Arrays.stream(ChangeReason.values()).forEach(r -> codes.put(r, Bytes.of(r.code())));
            Arrays.fill(event, NONE);
            for (IdentityFrames.Reading reading : IdentityFrames.all(epoch)) {
                IdentityFrames.Frame frame = reading.read();
                for (int row = 0; row < frame.rows(); row++) {
                    int node = frame.node[row];
                    reason[node] = frame.reason(row);
                    previous[node] = frame.previous[row];
                    watermark[node] = frame.watermarks[identities.typeOfNode(node)];
                }
                noteEvents(frame);
            }
        }

        /** The new rows of an epoch come first, so that the nth event is that of the nth row of its slice. */
        private void noteEvents(IdentityFrames.Frame frame) {
            IdentityFrames.Texts texts = frame.events;
            int at = 0;
            for (int row = 0; row < texts.count(); row++) {
                int length = texts.lengths[row];
                if (length >= 0) {
                    event[frame.node[row]] = events.add(0, texts.bytes, at, length);
                    at += length;
                }
            }
        }

        @Override
        public KeyDictionary events() {
            return events;
        }

        @Override
        public int event(int node) {
            return event[stored[node]];
        }

        @Override
        public byte[] reason(int node) {
            return Objects.requireNonNull(codes.get(reason[stored[node]]));
        }

        @Override
        public void appendPrevious(int node, OutputColumn.Scratch out) {
            int entity = previous[stored[node]];
            if (entity == NONE) {
                out.appendNullId();
            } else {
                appendId(config, types, identities, entity, out);
            }
        }

        @Override
        public long watermark(int node, int kind) {
            return watermark[stored[node]];
        }
    }
}
