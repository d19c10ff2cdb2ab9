package io.nexusid.arrow.format;

import io.nexusid.api.ColumnType;
import io.nexusid.graph.KeyDictionary;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;

/**
 * The values of the page being made that are not null: as codes while the chunk has a dictionary, in Parquet's PLAIN
 * layout otherwise. One for each physical type.
 */
abstract class ParquetPageValues {
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final int[] codes = new int[ParquetChunkEncoder.PAGE_ROWS];
    private boolean hasDictionary;
    private boolean dictionaryIsUsed;
    /** Values of the page. */
    int count;

    byte[] plain = new byte[1 << 12];
    int plainLength;

    ParquetPageValues(boolean hasDictionary) {
        this.hasDictionary = hasDictionary;
    }

    static ParquetPageValues of(ColumnType type) {
        return switch (type) {
            case STRING -> new Texts();
            case TIMESTAMP, INTEGER -> new Longs(false);
            case DOUBLE -> new Longs(true);
            case BOOLEAN -> new Bits();
        };
    }

    /** Appends the values of these rows that are not null. */
    final void add(HeapColumn from, int row, int rows) {
        if (hasDictionary) {
            count = addCodes(from, row, rows, codes, count);
        } else {
            addPlain(from, row, rows);
        }
    }

    /** Appends a code for each value and returns how many there are then. */
    abstract int addCodes(HeapColumn from, int row, int rows, int[] out, int at);

    /** Appends the values to {@link #plain}. */
    abstract void addPlain(HeapColumn from, int row, int rows);

    /** Appends the value of a code to {@link #plain}. */
    abstract void addPlain(int code);

    /** Tells a page's least and greatest value. */
    abstract void describe(Statistics<?> statistics);

    /** The dictionary in PLAIN layout. */
    abstract byte[] dictionary();

    abstract int dictionarySize();

    abstract long dictionaryBytes();

    final int count() {
        return count;
    }

    final int distinct() {
        return dictionarySize();
    }

    final boolean hasDictionary() {
        return hasDictionary;
    }

    /** Whether a page refers to the dictionary. */
    final boolean dictionaryIsUsed() {
        return dictionaryIsUsed;
    }

    final int[] codes() {
        return codes;
    }

    final long bufferedBytes() {
        return plainLength + 4L * count + dictionaryBytes();
    }

    /** Lays the page's values out plainly, and all further ones; {@code forget} if no page refers to the dictionary. */
    final void stopDictionary(boolean forget) {
        hasDictionary = false;
        dictionaryIsUsed = !forget;
        for (int i = 0; i < count; i++) {
            addPlain(codes[i]);
        }
    }

    final void nextPage() {
        dictionaryIsUsed |= hasDictionary;
        count = 0;
        plainLength = 0;
        pageStarted();
    }

    /** Forgets what was noted of the last page. */
    abstract void pageStarted();

    final byte[] room(int more) {
        if (plain.length - plainLength < more) {
            plain = Arrays.copyOf(plain, Math.max(Math.addExact(plainLength, more), 2 * plain.length));
        }
        return plain;
    }

    /** UTF-8 text: four bytes of length, then the bytes. */
    private static final class Texts extends ParquetPageValues {
        private final KeyDictionary dictionary = new KeyDictionary(64);
        private int[] kinds = new int[0];
        private int[] offsets = new int[0];
        private int[] rowCodes = new int[0];
        private long dictionaryBytes;

        Texts() {
            super(true);
        }

        @Override
        int addCodes(HeapColumn from, int row, int rows, int[] out, int at) {
            if (kinds.length < rows) {
                kinds = new int[rows];
                offsets = new int[rows + 1];
                rowCodes = new int[rows];
            }
            for (int i = 0; i < rows; i++) {
                kinds[i] = from.isNull(row + i) ? -1 : 0;
                offsets[i] = from.start(row + i);
            }
            offsets[rows] = from.end(row + rows - 1);
            int known = dictionary.size();
            dictionary.addAll(kinds, from.data(), offsets, rows, rowCodes, 0);
            for (int code = known; code < dictionary.size(); code++) {
                dictionaryBytes += Integer.BYTES + (long) dictionary.length(code);
            }
            int n = at;
            for (int i = 0; i < rows; i++) {
                if (kinds[i] >= 0) {
                    out[n++] = rowCodes[i];
                }
            }
            return n;
        }

        @Override
        void addPlain(HeapColumn from, int row, int rows) {
            byte[] data = from.data();
            byte[] out = room(from.end(row + rows - 1) - from.start(row) + Integer.BYTES * rows);
            int at = plainLength;
            for (int i = row; i < row + rows; i++) {
                if (from.isNull(i)) {
                    continue;
                }
                int start = from.start(i);
                int length = from.end(i) - start;
                INT.set(out, at, length);
                System.arraycopy(data, start, out, at + Integer.BYTES, length);
                at += Integer.BYTES + length;
                count++;
            }
            plainLength = at;
        }

        @Override
        void addPlain(int code) {
            int length = dictionary.length(code);
            byte[] out = room(Integer.BYTES + length);
            INT.set(out, plainLength, length);
            dictionary.copyTo(code, out, plainLength + Integer.BYTES);
            plainLength += Integer.BYTES + length;
        }

        @Override
        void describe(Statistics<?> statistics) {
            if (count == 0) {
                return;
            }
            if (hasDictionary()) {
                int least = codes()[0];
                int greatest = least;
                for (int i = 1; i < count; i++) {
                    int code = codes()[i];
                    if (code != least && code != greatest) {
                        least = dictionary.compare(code, least) < 0 ? code : least;
                        greatest = dictionary.compare(code, greatest) > 0 ? code : greatest;
                    }
                }
                statistics.updateStats(Binary.fromConstantByteArray(dictionary.bytes(least)));
                statistics.updateStats(Binary.fromConstantByteArray(dictionary.bytes(greatest)));
            } else {
                describePlain(statistics);
            }
        }

        private void describePlain(Statistics<?> statistics) {
            int least = 0;
            int greatest = 0;
            int at = 0;
            for (int i = 0; i < count; i++) {
                if (compare(at, least) < 0) {
                    least = at;
                } else if (compare(at, greatest) > 0) {
                    greatest = at;
                }
                at += Integer.BYTES + (int) INT.get(plain, at);
            }
            statistics.updateStats(text(least));
            statistics.updateStats(text(greatest));
        }

        private int compare(int a, int b) {
            int fromA = a + Integer.BYTES;
            int fromB = b + Integer.BYTES;
            return Arrays.compareUnsigned(
                    plain, fromA, fromA + (int) INT.get(plain, a), plain, fromB, fromB + (int) INT.get(plain, b));
        }

        private Binary text(int at) {
            int from = at + Integer.BYTES;
            return Binary.fromConstantByteArray(Arrays.copyOfRange(plain, from, from + (int) INT.get(plain, at)));
        }

        @Override
        byte[] dictionary() {
            byte[] out = new byte[Math.toIntExact(dictionaryBytes)];
            int at = 0;
            for (int code = 0; code < dictionary.size(); code++) {
                int length = dictionary.copyTo(code, out, at + Integer.BYTES);
                INT.set(out, at, length);
                at += Integer.BYTES + length;
            }
            return out;
        }

        @Override
        int dictionarySize() {
            return dictionary.size();
        }

        @Override
        long dictionaryBytes() {
            return dictionaryBytes;
        }

        @Override
        void pageStarted() {}
    }

    /** Eight bytes a value: instants, whole numbers and the bits of doubles. */
    private static final class Longs extends ParquetPageValues {
        private final boolean doubles;
        private final Long2IntOpenHashMap codeOf = new Long2IntOpenHashMap();
        private final LongArrayList dictionary = new LongArrayList();

        Longs(boolean doubles) {
            super(true);
            this.doubles = doubles;
            codeOf.defaultReturnValue(-1);
        }

        @Override
        int addCodes(HeapColumn from, int row, int rows, int[] out, int at) {
            int n = at;
            for (int i = row; i < row + rows; i++) {
                if (!from.isNull(i)) {
                    long bits = from.bits(i);
                    int code = codeOf.putIfAbsent(bits, dictionary.size());
                    if (code < 0) {
                        code = dictionary.size();
                        dictionary.add(bits);
                    }
                    out[n++] = code;
                }
            }
            return n;
        }

        @Override
        void addPlain(HeapColumn from, int row, int rows) {
            byte[] out = room(Long.BYTES * rows);
            for (int i = row; i < row + rows; i++) {
                if (!from.isNull(i)) {
                    LONG.set(out, plainLength, from.bits(i));
                    plainLength += Long.BYTES;
                    count++;
                }
            }
        }

        @Override
        void addPlain(int code) {
            LONG.set(room(Long.BYTES), plainLength, dictionary.getLong(code));
            plainLength += Long.BYTES;
        }

        @Override
        void describe(Statistics<?> statistics) {
            for (int i = 0; i < count; i++) {
                long bits = hasDictionary() ? dictionary.getLong(codes()[i]) : (long) LONG.get(plain, Long.BYTES * i);
                if (doubles) {
                    statistics.updateStats(Double.longBitsToDouble(bits));
                } else {
                    statistics.updateStats(bits);
                }
            }
        }

        @Override
        byte[] dictionary() {
            byte[] out = new byte[Long.BYTES * dictionary.size()];
            for (int code = 0; code < dictionary.size(); code++) {
                LONG.set(out, Long.BYTES * code, dictionary.getLong(code));
            }
            return out;
        }

        @Override
        int dictionarySize() {
            return dictionary.size();
        }

        @Override
        long dictionaryBytes() {
            return (long) Long.BYTES * dictionary.size();
        }

        @Override
        void pageStarted() {}
    }

    /** One bit a value, the first in the lowest bit. */
    private static final class Bits extends ParquetPageValues {
        private boolean anyFalse;
        private boolean anyTrue;

        Bits() {
            super(false);
        }

        @Override
        int addCodes(HeapColumn from, int row, int rows, int[] out, int at) {
            throw new IllegalStateException("booleans have no dictionary");
        }

        @Override
        void addPlain(HeapColumn from, int row, int rows) {
            byte[] out = room(rows / 8 + 2);
            for (int i = row; i < row + rows; i++) {
                if (from.isNull(i)) {
                    continue;
                }
                int at = count >> 3;
                if ((count & 7) == 0) {
                    out[at] = 0;
                    plainLength = at + 1;
                }
                if (from.isTrue(i)) {
                    out[at] |= (byte) (1 << (count & 7));
                    anyTrue = true;
                } else {
                    anyFalse = true;
                }
                count++;
            }
        }

        @Override
        void addPlain(int code) {
            throw new IllegalStateException("booleans have no dictionary");
        }

        @Override
        void describe(Statistics<?> statistics) {
            if (anyFalse) {
                statistics.updateStats(false);
            }
            if (anyTrue) {
                statistics.updateStats(true);
            }
        }

        @Override
        byte[] dictionary() {
            throw new IllegalStateException("booleans have no dictionary");
        }

        @Override
        int dictionarySize() {
            return 0;
        }

        @Override
        long dictionaryBytes() {
            return 0;
        }

        @Override
        void pageStarted() {
            anyFalse = false;
            anyTrue = false;
        }
    }
}
