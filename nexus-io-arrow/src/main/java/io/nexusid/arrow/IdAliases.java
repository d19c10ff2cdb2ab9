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
    static TableRows of(NexusConfig config, EntityIds ids, Snapshot store, IdentitySnapshot identities)
            throws IOException {
        long[] endedAt = new long[identities.entityNumbers()];
        long[] endedIn = new long[identities.entityNumbers()];
        Arrays.fill(endedAt, Instants.NULL);
        List<IdentityFrames.Reading> readings = IdentityFrames.all(store);
        IdentifierNames names = new IdentifierNames(ids, identities, readings);
        for (IdentityFrames.Reading reading : readings) {
            IdentityFrames.Frame frame = reading.read();
            IdentifierNames.Names ofEpoch = names.at(frame.epoch);
            for (int row = 0; row < frame.rows(); row++) {
                int previous = frame.previous[row];
                if (previous != NONE) {
                    endedAt[previous] = ofEpoch.watermark(frame, frame.node[row]);
                    endedIn[previous] = frame.epoch;
                }
            }
        }
        int[] dead = inOrder(ids, identities);
        return new SelectedRows(
                dead.length,
                List.of(
                        OutputColumn.text(
                                "entity_type",
                                (row, out) -> out.text.append(Bytes.of(ids.type(identities, dead[row])))),
                        OutputColumn.id(
                                config.ids(),
                                "previous_entity_id",
                                (row, out) -> ids.append(identities, dead[row], out)),
                        OutputColumn.id(config.ids(), "entity_id", (row, out) -> {
                            int current = identities.current(dead[row]);
                            if (current == NONE) {
                                out.appendNullId();
                            } else {
                                ids.append(identities, current, out);
                            }
                        }),
                        OutputColumn.instant("at", row -> endedAt[dead[row]]),
                        OutputColumn.integer("epoch", row -> endedIn[dead[row]])));
    }

    /** The dead numbers whose id nobody took up again, by type and id. */
    private static int[] inOrder(EntityIds ids, IdentitySnapshot identities) {
        IntArrayList dead = new IntArrayList();
        for (int entity = 0; entity < identities.entityNumbers(); entity++) {
            if (!identities.isLive(entity) && !isTakenUp(ids, identities, entity)) {
                dead.add(entity);
            }
        }
        int[] order = dead.toIntArray();
        IntArrays.mergeSort(order, (a, b) -> {
            int byType = Bytes.ORDER.compare(ids.type(identities, a), ids.type(identities, b));
            int byId = byType != 0 ? byType : compareIds(ids, identities, a, b);
            return byId != 0 ? byId : Integer.compare(b, a);
        });
        dead.clear();
        for (int entity : order) {
            boolean again = !dead.isEmpty()
                    && ids.type(identities, entity).equals(ids.type(identities, dead.getInt(dead.size() - 1)))
                    && compareIds(ids, identities, entity, dead.getInt(dead.size() - 1)) == 0;
            if (!again) {
                dead.add(entity);
            }
        }
        return dead.toIntArray();
    }

    /** Whether a later number that lives has the very id of a dead one. */
    private static boolean isTakenUp(EntityIds ids, IdentitySnapshot identities, int entity) {
        int newest = identities.newest(identities.type(entity), identities.high(entity), identities.low(entity));
        return newest != NONE && identities.isLive(newest) && compareIds(ids, identities, newest, entity) == 0;
    }

    private static int compareIds(EntityIds ids, IdentitySnapshot identities, int a, int b) {
        int byPrefix = Arrays.compareUnsigned(ids.prefix(identities, a), ids.prefix(identities, b));
        int byHigh = byPrefix != 0 ? byPrefix : Long.compareUnsigned(identities.high(a), identities.high(b));
        return byHigh != 0 ? byHigh : Long.compareUnsigned(identities.low(a), identities.low(b));
    }
}
