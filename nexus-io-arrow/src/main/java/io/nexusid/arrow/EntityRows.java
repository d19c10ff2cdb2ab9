package io.nexusid.arrow;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Which entity each identifier row belongs to. A row of a registered type can belong to several (sources may share a
 * source id), so pairs (row, ordinal) are listed; where no type is registered, pair {@code i} is row {@code i}.
 */
final class EntityRows {
    /** Null where pair i is row i. */
    private final int @Nullable [] rowOfPair;

    private final int[] ordinalOfPair;
    private final int size;

    private EntityRows(int @Nullable [] rowOfPair, int[] ordinalOfPair, int size) {
        this.rowOfPair = rowOfPair;
        this.ordinalOfPair = ordinalOfPair;
        this.size = size;
    }

    static EntityRows of(Identity identity) {
        IdentifierRows rows = identity.rows();
        Registrations registrations = identity.registrations();
        if (registrations.count() == 0) {
            int[] ordinals = new int[rows.rows()];
            for (int r = 0; r < ordinals.length; r++) {
                ordinals[r] = identity.ordinalOfNode(rows.nodeOfRow()[r]);
            }
            return new EntityRows(null, ordinals, ordinals.length);
        }
        IntArrayList row = new IntArrayList(rows.rows());
        IntArrayList ordinal = new IntArrayList(rows.rows());
        for (int r = 0; r < rows.rows(); r++) {
            int node = rows.nodeOfRow()[r];
            if (node >= 0 && !identity.isResolved(node)) {
                byte[] value = rows.nodes().bytes(node);
                int type = rows.kinds().entityType(rows.nodes().kind(node));
                for (int link = registrations.first(type, value, 0, value.length);
                        link >= 0;
                        link = registrations.next(link)) {
                    row.add(r);
                    ordinal.add(identity.index().ofRegistration(registrations.entityOfLink(link)));
                }
            } else {
                row.add(r);
                ordinal.add(identity.ordinalOfNode(node));
            }
        }
        return new EntityRows(row.elements(), ordinal.elements(), row.size());
    }

    int size() {
        return size;
    }

    int row(int pair) {
        return rowOfPair == null ? pair : rowOfPair[pair];
    }

    /** What the rows have, by pair; may be the array itself. Not to be changed. */
    int[] ofPairs(int[] ofRows) {
        if (rowOfPair == null) {
            return ofRows;
        }
        int[] out = new int[size];
        for (int i = 0; i < size; i++) {
            out[i] = ofRows[rowOfPair[i]];
        }
        return out;
    }

    /** What the rows have, by pair; may be the array itself. Not to be changed. */
    long[] ofPairs(long[] ofRows) {
        if (rowOfPair == null) {
            return ofRows;
        }
        long[] out = new long[size];
        for (int i = 0; i < size; i++) {
            out[i] = ofRows[rowOfPair[i]];
        }
        return out;
    }

    /** The entity's ordinal, -1 where the row has none. */
    int ordinal(int pair) {
        return ordinalOfPair[pair];
    }

    /** All ordinals; may be longer than {@link #size}. Not to be changed. */
    int[] ordinals() {
        return ordinalOfPair;
    }
}
