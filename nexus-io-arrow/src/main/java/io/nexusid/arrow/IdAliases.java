package io.nexusid.arrow;

import io.nexusid.api.NexusConfig;
import io.nexusid.arrow.store.Snapshot;
import io.nexusid.graph.IdentitySnapshot;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * {@code nexus_id_aliases}: where ids that do not live any more lead to, for tools that take aliases. Chains are followed to
 * their end, so that each row leads to a living id and none to another row.
 *
 * <p>Reads all that the store ever decided; 20 bytes for each id ever given out.
 */
final class IdAliases {
    static final String TABLE = "nexus_id_aliases";
    private static final int NONE = IdentitySnapshot.NONE;

    private IdAliases() {}

    /** The aliases of an epoch. */
    static TableRows of(NexusConfig config, Snapshot store, IdentitySnapshot identities) throws IOException {
        long[] endedAt = new long[identities.entityNumbers()];
        long[] endedIn = new long[identities.entityNumbers()];
        Arrays.fill(endedAt, Instants.NULL);
        for (IdentityFrames.Reading reading : IdentityFrames.all(store)) {
            IdentityFrames.Frame frame = reading.read();
            for (int row = 0; row < frame.rows(); row++) {
                int previous = frame.previous[row];
                if (previous != NONE) {
                    endedAt[previous] = frame.watermarks[identities.typeOfNode(frame.node[row])];
                    endedIn[previous] = frame.epoch;
                }
            }
        }
        List<String> types = StoredIdentity.resolvedTypes(config);
        int[] dead = inOrder(types, identities);
        return new SelectedRows(
                dead.length,
                List.of(
                        OutputColumn.text(
                                "entity_type",
                                (row, out) -> out.text.append(Bytes.of(types.get(identities.type(dead[row]))))),
                        OutputColumn.id(
                                config.ids(),
                                "previous_entity_id",
                                (row, out) -> StoredResolutions.appendId(config, types, identities, dead[row], out)),
                        OutputColumn.id(
                                config.ids(),
                                "entity_id",
                                (row, out) -> StoredResolutions.appendId(
                                        config, types, identities, identities.current(dead[row]), out)),
                        OutputColumn.instant("at", row -> endedAt[dead[row]]),
                        OutputColumn.integer("epoch", row -> endedIn[dead[row]])));
    }

    /** The dead numbers whose id nobody took up again, by type and id. */
    private static int[] inOrder(List<String> types, IdentitySnapshot identities) {
        IntArrayList dead = new IntArrayList();
        for (int entity = 0; entity < identities.entityNumbers(); entity++) {
            boolean isNewest = !identities.isLive(entity)
                    && identities.newest(identities.type(entity), identities.high(entity), identities.low(entity))
                            == entity;
            if (isNewest) {
                dead.add(entity);
            }
        }
        int[] order = dead.toIntArray();
        IntArrays.mergeSort(order, (a, b) -> {
            int byType = Bytes.ORDER.compare(types.get(identities.type(a)), types.get(identities.type(b)));
            int byHigh = Long.compareUnsigned(identities.high(a), identities.high(b));
            return byType != 0
                    ? byType
                    : byHigh != 0 ? byHigh : Long.compareUnsigned(identities.low(a), identities.low(b));
        });
        return order;
    }
}
