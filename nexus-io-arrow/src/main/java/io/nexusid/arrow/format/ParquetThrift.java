package io.nexusid.arrow.format;

/**
 * Walks one struct in Thrift's compact protocol without building anything, to find its end and to refuse what would
 * make the generated parser allocate or recurse without bound: it trusts announced list sizes and nesting.
 *
 * <p>O(bytes) time, no memory, nesting up to {@value #MAX_DEPTH}. Every list element takes at least one byte, so an
 * announced size beyond the bytes left is refused before it is believed.
 */
final class ParquetThrift {
    private static final int MAX_DEPTH = 32;

    private static final int BOOLEAN_TRUE = 1;
    private static final int BOOLEAN_FALSE = 2;
    private static final int BYTE = 3;
    private static final int I16 = 4;
    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int DOUBLE = 7;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int SET = 10;
    private static final int MAP = 11;
    private static final int STRUCT = 12;
    private static final int UUID = 13;

    private final byte[] bytes;
    private final int limit;
    private int position;

    private ParquetThrift(byte[] bytes, int from, int limit) {
        this.bytes = bytes;
        this.position = from;
        this.limit = limit;
    }

    /**
     * The index after the struct that starts at {@code from}, or -1 if it does not end before {@code limit}.
     *
     * @throws ParquetDamage if no further bytes could make this a struct
     */
    static int end(byte[] bytes, int from, int limit) {
        ParquetThrift walk = new ParquetThrift(bytes, from, limit);
        try {
            walk.struct(0);
            return walk.position;
        } catch (Truncated e) {
            return -1;
        }
    }

    private void struct(int depth) {
        ParquetDamage.unless(depth <= MAX_DEPTH, "its metadata is nested too deeply");
        for (int head = next(); head != 0; head = next()) {
            if ((head >>> 4) == 0) {
                varint();
            }
            int type = head & 0xf;
            if (type != BOOLEAN_TRUE && type != BOOLEAN_FALSE) {
                value(type, depth);
            }
        }
    }

    private void value(int type, int depth) {
        switch (type) {
            case BOOLEAN_TRUE, BOOLEAN_FALSE, BYTE -> skip(1);
            case I16, I32, I64 -> varint();
            case DOUBLE -> skip(8);
            case UUID -> skip(16);
            case BINARY -> skip(varint());
            case LIST, SET -> list(depth);
            case MAP -> map(depth);
            case STRUCT -> struct(depth + 1);
            default -> throw new ParquetDamage("its metadata cannot be read");
        }
    }

    private void list(int depth) {
        ParquetDamage.unless(depth <= MAX_DEPTH, "its metadata is nested too deeply");
        int head = next();
        int shortSize = head >>> 4;
        long size = shortSize == 15 ? varint() : shortSize;
        elements(size);
        for (long i = 0; i < size; i++) {
            value(head & 0xf, depth + 1);
        }
    }

    private void map(int depth) {
        ParquetDamage.unless(depth <= MAX_DEPTH, "its metadata is nested too deeply");
        long size = varint();
        if (size == 0) {
            return;
        }
        elements(size);
        int types = next();
        for (long i = 0; i < size; i++) {
            value(types >>> 4, depth + 1);
            value(types & 0xf, depth + 1);
        }
    }

    private void elements(long size) {
        if (size < 0 || size > limit - position) {
            throw new Truncated();
        }
    }

    private int next() {
        if (position >= limit) {
            throw new Truncated();
        }
        return bytes[position++] & 0xff;
    }

    private void skip(long count) {
        if (count < 0 || count > limit - position) {
            throw new Truncated();
        }
        position += (int) count;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int b = next();
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw new ParquetDamage("its metadata cannot be read");
    }

    /** The bytes end before the struct does. */
    private static final class Truncated extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Truncated() {
            super(null, null, false, false);
        }
    }
}
