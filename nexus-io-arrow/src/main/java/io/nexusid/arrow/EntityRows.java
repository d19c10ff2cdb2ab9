package io.nexusid.arrow;

import it.unimi.dsi.fastutil.ints.IntArrayList;

/**
 * Which entity each identifier row belongs to. A row of a registered type can belong to several (sources may share a
 * source id), so pairs (row, ordinal) are listed; where no type is registered, pair {@code i} is row {@code i}.
 */
final class EntityRows {
    private final int[] rowOfPair;
    private final int[] ordinalOfPair;
    private final int size;

    private EntityRows(int[] rowOfPair, int[] ordinalOfPair, int size) {
        this.rowOfPair = rowOfPair;
        this.ordinalOfPair = ordinalOfPair;
        this.size = size;
    }

    static EntityRows of(Identity identity) {
        IdentifierRows rows = identity.rows();
        Registrations registrations = identity.registrations();
        IntArrayList row = new IntArrayList(rows.rows());
        IntArrayList ordinal = new IntArrayList(rows.rows());
        for (int r = 0; r < rows.rows(); r++) {
            int node = rows.nodeOfRow()[r];
            int type = rows.entityType().code(r);
            if (registrations.count() > 0 && node >= 0 && !identity.isResolved(node)) {
                byte[] value = rows.nodes().bytes(node);
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
        return rowOfPair[pair];
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
