package io.nexusid.graph;

/**
 * The entities of a partition, numbered 0, 1, 2... in the order of (entity type name, id), both by their bytes.
 *
 * <p>Holds 24 bytes per entity and 8 per node.
 */
public final class Entities {
    /** What {@link #ofNode} and {@link #find} return where there is no entity. */
    public static final int NONE = -1;

    private final int[] firstOfType;
    private final int[] endOfType;
    private final long[] high;
    private final long[] low;
    private final int[] ofNode;
    private final int[] memberStarts;
    private final int[] members;
    private final int idCollisions;

    /** Takes over the arrays: ranges by type, keys by entity, entity by node, members as CSR. */
    Entities(
            int[] firstOfType,
            int[] endOfType,
            long[] high,
            long[] low,
            int[] ofNode,
            int[] memberStarts,
            int[] members,
            int idCollisions) {
        this.firstOfType = firstOfType;
        this.endOfType = endOfType;
        this.high = high;
        this.low = low;
        this.ofNode = ofNode;
        this.memberStarts = memberStarts;
        this.members = members;
        this.idCollisions = idCollisions;
    }

    /** How many entities there are. */
    public int count() {
        return high.length;
    }

    /** The entity of a node, or -1 if its type is not resolved. */
    public int ofNode(int node) {
        return ofNode[node];
    }

    /** The entity type, as an index into the type names. Cost: one step per type. */
    public int type(int entity) {
        for (int type = 0; type < firstOfType.length; type++) {
            if (entity >= firstOfType[type] && entity < endOfType[type]) {
                return type;
            }
        }
        throw new IndexOutOfBoundsException("entity " + entity + " of " + count());
    }

    /** The first eight bytes of the id's key. */
    public long high(int entity) {
        return high[entity];
    }

    /** The last eight bytes of the id's key. */
    public long low(int entity) {
        return low[entity];
    }

    /** The first entity of a type. */
    public int firstOfType(int type) {
        return firstOfType[type];
    }

    /** One past the last entity of a type. */
    public int endOfType(int type) {
        return endOfType[type];
    }

    /** How many components found the id they would have had taken by another component of their type. */
    public int idCollisions() {
        return idCollisions;
    }

    /** The first position of an entity's members. */
    public int membersFrom(int entity) {
        return memberStarts[entity];
    }

    /** One past the last position of an entity's members. */
    public int membersTo(int entity) {
        return memberStarts[entity + 1];
    }

    /** The node at a position; in identifier order (type, value) within an entity. */
    public int member(int position) {
        return members[position];
    }

    /** The entity of this type whose id has this key, or -1. Binary search. */
    public int find(int type, long high, long low) {
        int from = firstOfType[type];
        int to = endOfType[type] - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            int order = Long.compareUnsigned(this.high[middle], high);
            if (order == 0) {
                order = Long.compareUnsigned(this.low[middle], low);
            }
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                from = middle + 1;
            } else {
                to = middle - 1;
            }
        }
        return NONE;
    }
}
