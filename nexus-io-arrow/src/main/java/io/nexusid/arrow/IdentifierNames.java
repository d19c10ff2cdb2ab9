package io.nexusid.arrow;

import io.nexusid.arrow.Generations.Generation;
import io.nexusid.graph.IdentitySnapshot;
import io.nexusid.graph.KeyDictionary;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What rows of {@link IdentityFrames} name, whichever generation they are of. The identifiers of the last one are those of
 * the graph; those of one before are read when a row of it is met, and held.
 */
final class IdentifierNames {
    private final EntityIds ids;
    private final IdentitySnapshot identities;
    private final List<IdentityFrames.Reading> readings;
    /** By generation. */
    private final Map<Long, Names> read = new HashMap<>();

    IdentifierNames(EntityIds ids, IdentitySnapshot identities, List<IdentityFrames.Reading> readings) {
        this.ids = ids;
        this.identities = identities;
        this.readings = readings;
    }

    /** The identifiers of the generation that an epoch belongs to. */
    Names at(long epoch) throws IOException {
        Generation generation = ids.generations().at(epoch);
        Names known = read.get(generation.first());
        if (known == null) {
            boolean isLast = generation.first() == ids.generations().last().first();
            known = new Names(generation, isLast ? List.of() : read(generation.first()));
            read.put(generation.first(), known);
        }
        return known;
    }

    private List<KeyDictionary> read(long generation) throws IOException {
        KeyDictionary kinds = new KeyDictionary(16);
        KeyDictionary nodes = new KeyDictionary(1 << 10);
        for (IdentityFrames.Reading reading : readings) {
            if (reading.generation() == generation) {
                reading.readNames(kinds, nodes);
            }
        }
        return List.of(kinds, nodes);
    }

    /** The identifiers of one generation, by their numbers. */
    final class Names {
        private final Generation generation;
        /** Kinds and nodes; empty if the graph has them. */
        private final List<KeyDictionary> dictionaries;

        private final List<byte[]> types;

        private Names(Generation generation, List<KeyDictionary> dictionaries) {
            this.generation = generation;
            this.dictionaries = dictionaries;
            this.types = generation.types().stream().map(Bytes::of).toList();
        }

        /** The number of a node's entity type. */
        int typeNumber(int node) {
            return dictionaries.isEmpty()
                    ? identities.typeOfNode(node)
                    : dictionaries.get(0).kind(dictionaries.get(1).kind(node));
        }

        /** Whether a node's type is resolved in this generation. */
        boolean isResolved(int node) {
            return typeNumber(node) < generation.resolved();
        }

        /** The nodes of the identifiers that an entity has now. */
        BitSet nodesOf(int entity) {
            BitSet nodes = new BitSet();
            if (dictionaries.isEmpty()) {
                identities.identifiersOf(entity, nodes::set);
                return nodes;
            }
            int type = generation.types().indexOf(ids.type(identities, entity));
            identities.identifiersOf(entity, node -> {
                byte[] kindName = identities.identifierType(node);
                byte[] value = identities.value(node);
                int kind = dictionaries.get(0).find(type, kindName, 0, kindName.length);
                int former = kind < 0 ? -1 : dictionaries.get(1).find(kind, value, 0, value.length);
                if (former >= 0) {
                    nodes.set(former);
                }
            });
            return nodes;
        }

        /** The name of a node's entity type. */
        byte[] type(int node) {
            return types.get(typeNumber(node));
        }

        /** The name of a node's identifier type. */
        byte[] identifierType(int node) {
            return dictionaries.isEmpty()
                    ? identities.identifierType(node)
                    : dictionaries.get(0).bytes(dictionaries.get(1).kind(node));
        }

        /** A node's value. */
        byte[] value(int node) {
            return dictionaries.isEmpty()
                    ? identities.value(node)
                    : dictionaries.get(1).bytes(node);
        }

        /** The latest load time of the rows of a node's type in a frame; null if there is none. */
        long watermark(IdentityFrames.Frame frame, int node) {
            return isResolved(node) ? frame.watermarks[typeNumber(node)] : Instants.NULL;
        }
    }
}
