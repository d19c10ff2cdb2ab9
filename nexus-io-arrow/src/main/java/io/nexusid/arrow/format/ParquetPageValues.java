package io.nexusid.arrow.format;

import io.nexusid.api.ColumnType;
import io.nexusid.api.SurrogateKey;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.column.statistics.Statistics;

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
            case STRING -> new ParquetPageTexts(ParquetPageTexts.ANY_LENGTH);
            case DIGEST -> new ParquetPageTexts(SurrogateKey.DIGEST_LENGTH);
            case TIMESTAMP, INTEGER, DECIMAL -> new Longs(false);
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

    /** Makes no dictionary. */
    final void startPlain() {
        hasDictionary = false;
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
