package io.nexusid.arrow;

import io.nexusid.api.ChangeReason;
import io.nexusid.api.SurrogateKey;
import io.nexusid.arrow.store.Snapshot;
import io.nexusid.graph.Entities;
import io.nexusid.graph.EntityNamer;
import io.nexusid.graph.IdentitySnapshot;
import io.nexusid.graph.KeyDictionary;
import io.nexusid.graph.NodeOrder;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Who is who as a store decided it, for a run over the store's rows: the run numbers identifiers its own way, and this
 * translates. The history of resolved identifiers is read from the store when it is asked for.
 */
final class StoredResolutions {
    private static final int NONE = IdentitySnapshot.NONE;
    /** A run knows few of a store's identifiers if it knows less than one in so many. */
    private static final int FEW = 8;

    private final EntityIds ids;
    private final Snapshot epoch;
    private final IdentitySnapshot identities;
    private final long through;
    private final StoredTable identifiers;
    /** What {@link #resolutions} found, which each table of identifiers asks for; kept only for a run of few. */
    private @Nullable NodeResolutions few;

    /**
     * As an epoch has it.
     *
     * @param ids the ids of that epoch's entities
     * @param epoch holds what that epoch and those before it did, and perhaps later ones
     * @param through the epoch
     * @param identifiers the identifier rows that the run reads, before any others
     */
    StoredResolutions(
            EntityIds ids, Snapshot epoch, IdentitySnapshot identities, long through, StoredTable identifiers) {
        this.identifiers = identifiers;
        this.ids = ids;
        this.through = through;
        this.epoch = epoch;
        this.identities = identities;
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

    /** How the run's identifiers came to their entities. Reads all that the store decided since it was made or rebuilt. */
    NodeResolutions resolutions(Run run, IdentifierRows rows, int[] resolvedTypeOfKind) throws IOException {
        NodeResolutions known = few;
        if (known == null) {
            int[] stored = storedNodes(run, rows, resolvedTypeOfKind);
            known = new History(stored);
            few = isFew(stored) ? known : null;
        }
        return known;
    }

    private boolean isFew(int[] stored) {
        return stored.length < identities.nodes() / FEW;
    }

    /** What became of the entities that the run's identifiers belonged to. Reads all that the store ever decided. */
    EntityLives lives(Run run, IdentifierRows rows, int[] resolvedTypeOfKind) throws IOException {
        int[] stored = storedNodes(run, rows, resolvedTypeOfKind);
        return new EntityLives(stored, identities, IdentityFrames.ofGeneration(epoch, through), through, identifiers);
    }

    /** Adds the id that an entity has or had as a part of a key. */
    void addId(int entity, SurrogateKey key) {
        ids.addTo(key, identities, entity);
    }

    private final class History implements NodeResolutions {
        private final ChangeReason[] reason;
        private final int[] previous;
        private final long[] watermark;
        private final int[] event;
        private final KeyDictionary events = new KeyDictionary(1 << 10);
        private final Map<ChangeReason, byte[]> codes = new EnumMap<>(ChangeReason.class);

        History(int[] stored) throws IOException {
            reason = new ChangeReason[stored.length];
            previous = new int[stored.length];
            watermark = new long[stored.length];
            event = new int[stored.length];
            Arrays.stream(ChangeReason.values()).forEach(r -> codes.put(r, Bytes.of(r.code())));
            Arrays.fill(event, NONE);
            BitSet known = new BitSet(identities.nodes());
            IntUnaryOperator ofStored = inverse(stored, known);
            for (IdentityFrames.Reading reading : IdentityFrames.ofGeneration(epoch, through)) {
                note(DecidedRows.of(reading, known::get), ofStored);
            }
        }

        /** By node of the store that of the run; the run may know only few. */
        private IntUnaryOperator inverse(int[] stored, BitSet known) {
            if (isFew(stored)) {
                Int2IntOpenHashMap ofFew = new Int2IntOpenHashMap(stored.length);
                for (int v = 0; v < stored.length; v++) {
                    if (stored[v] >= 0) {
                        ofFew.put(stored[v], v);
                        known.set(stored[v]);
                    }
                }
                return ofFew;
            }
            int[] all = new int[identities.nodes()];
            for (int v = 0; v < stored.length; v++) {
                if (stored[v] >= 0) {
                    all[stored[v]] = v;
                    known.set(stored[v]);
                }
            }
            return node -> all[node];
        }

        private void note(DecidedRows rows, IntUnaryOperator ofStored) throws IOException {
            for (int i = 0; i < rows.size(); i++) {
                int node = ofStored.applyAsInt(rows.node(i));
                reason[node] = rows.reason(i);
                previous[node] = rows.previous(i);
                watermark[node] = rows.watermark(identities.typeOfNode(rows.node(i)));
            }
            rows.events((i, bytes, from, length) ->
                    event[ofStored.applyAsInt(rows.node(i))] = events.add(0, bytes, from, length));
        }

        @Override
        public KeyDictionary events() {
            return events;
        }

        @Override
        public int event(int node) {
            return event[node];
        }

        @Override
        public byte[] reason(int node) {
            return Objects.requireNonNull(codes.get(reason[node]));
        }

        @Override
        public void appendPrevious(int node, OutputColumn.Scratch out) {
            int entity = previous[node];
            if (entity == NONE) {
                out.appendNullId();
            } else {
                ids.append(identities, entity, out);
            }
        }

        @Override
        public long watermark(int node, int kind) {
            return watermark[node];
        }
    }
}
