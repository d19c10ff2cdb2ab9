package io.nexusid.arrow.store;

/** What the blocks of a column hold; the tag is what the file says. */
public enum ColumnType {
    /** Little-endian 64-bit numbers. */
    LONGS(1, 8),
    /** Little-endian 32-bit numbers. */
    INTS(2, 4),
    /** Bytes: one for each row, or whatever the writer put there. */
    BYTES(3, 1);

    private final int tag;
    private final int width;

    ColumnType(int tag, int width) {
        this.tag = tag;
        this.width = width;
    }

    int tag() {
        return tag;
    }

    /** Bytes for each element. */
    public int width() {
        return width;
    }

    static ColumnType read(FieldReader fields) {
        int tag = fields.getInt();
        for (ColumnType type : values()) {
            if (type.tag == tag) {
                return type;
            }
        }
        throw fields.damage("column type " + tag);
    }
}
