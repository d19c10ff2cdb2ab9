package io.nexusid.arrow;

import io.nexusid.api.FaultCode;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Conversions to timestamp[µs, UTC]. Arrow counts an instant with a zone from the epoch in UTC already, and an instant
 * without one is read as UTC, so that only the unit matters.
 */
final class ToInstant {
    /** No instant: what the kernels take for null, and so the one 64-bit count that is refused. */
    static final long NONE = Long.MIN_VALUE;

    static final String OUT_OF_RANGE = "an instant that 64-bit microseconds cannot hold";

    private static final String UNREADABLE =
            "text that is no timestamp (yyyy-MM-dd HH:mm:ss, the time and a zone optional)";
    private static final String OUT_OF_CALENDAR = "a year outside 0001 to 9999";
    private static final long MICROS_PER_DAY = 86_400_000_000L;

    private ToInstant() {}

    /** How cells of a temporal type count time. */
    interface Scale {
        /** Bytes per cell. */
        int width();

        /** A cell in microseconds, or {@link #NONE} if they cannot hold it. */
        long micros(FixedBlock cells, int row);
    }

    static @Nullable ColumnConversion from(MinorType type) {
        return switch (type) {
            case TIMESTAMPMICRO, TIMESTAMPMICROTZ -> ToInstant::micros;
            case TIMESTAMPSEC,
                    TIMESTAMPSECTZ,
                    TIMESTAMPMILLI,
                    TIMESTAMPMILLITZ,
                    TIMESTAMPNANO,
                    TIMESTAMPNANOTZ,
                    DATEDAY,
                    DATEMILLI -> scaled(scale(type));
            default -> null;
        };
    }

    /** The scale of a timestamp or date type. */
    static Scale scale(MinorType type) {
        return switch (type) {
            case TIMESTAMPSEC, TIMESTAMPSECTZ -> new Coarser(8, 1_000_000);
            case TIMESTAMPMILLI, TIMESTAMPMILLITZ, DATEMILLI -> new Coarser(8, 1_000);
            case TIMESTAMPMICRO, TIMESTAMPMICROTZ -> new Coarser(8, 1);
            case DATEDAY -> new Coarser(4, MICROS_PER_DAY);
            case TIMESTAMPNANO, TIMESTAMPNANOTZ -> new Nanoseconds();
            default -> throw new IllegalArgumentException(type + " is no instant");
        };
    }

    private record Coarser(int width, long factor) implements Scale {
        @Override
        public long micros(FixedBlock cells, int row) {
            long count = width == 4 ? cells.i32(row) : cells.i64(row);
            long limit = Long.MAX_VALUE / factor;
            return count > limit || count < -limit ? NONE : count * factor;
        }
    }

    private record Nanoseconds() implements Scale {
        @Override
        public int width() {
            return 8;
        }

        @Override
        public long micros(FixedBlock cells, int row) {
            return Math.floorDiv(cells.i64(row), 1_000L);
        }
    }

    /** The cells are right as they are: shares the buffers and looks for the one count that is refused. */
    private static FieldVector micros(FieldVector source, int rows, Field target, ConversionSpace space) {
        FixedBlock cells = space.fixed;
        cells.load(source, rows, 8);
        boolean refused = false;
        for (int i = 0; i < rows; i++) {
            refused |= cells.i64(i) == NONE;
        }
        for (int i = 0; refused && i < rows; i++) {
            if (cells.i64(i) == NONE && !cells.isNull(i)) {
                space.faults.add(i, FaultCode.TIMESTAMP_OUT_OF_RANGE, OUT_OF_RANGE);
            }
        }
        TimeStampMicroTZVector result = new TimeStampMicroTZVector(target, space.allocator);
        try {
            ArrowFieldNode node = new ArrowFieldNode(rows, source.getNullCount());
            result.loadFieldBuffers(node, List.of(source.getValidityBuffer(), source.getDataBuffer()));
            return result;
        } catch (RuntimeException | Error e) {
            result.close();
            throw e;
        }
    }

    private static ColumnConversion scaled(Scale scale) {
        return (source, rows, target, space) -> {
            FixedBlock cells = space.fixed;
            cells.load(source, rows, scale.width());
            StagedColumn staged = space.staged;
            staged.startLongs(rows);
            for (int i = 0; i < rows; i++) {
                if (cells.isNull(i)) {
                    staged.setNull(i);
                } else {
                    long micros = scale.micros(cells, i);
                    staged.set(i, micros);
                    if (micros == NONE) {
                        space.faults.add(i, FaultCode.TIMESTAMP_OUT_OF_RANGE, OUT_OF_RANGE);
                        staged.setNull(i);
                    }
                }
            }
            return staged.into(new TimeStampMicroTZVector(target, space.allocator));
        };
    }

    static FieldVector parsed(FieldVector source, int rows, Field target, ConversionSpace space) {
        StagedColumn staged = space.staged;
        staged.startLongs(rows);
        TextCells block = space.block;
        int from = 0;
        while (from < rows) {
            int count = block.load((VarCharVector) source, from, rows - from);
            for (int i = 0; i < count; i++) {
                long micros = block.isNull(i) ? NONE : TimestampText.parse(block.bytes(), block.start(i), block.end(i));
                if (micros > TimestampText.OUT_OF_CALENDAR) {
                    staged.set(from + i, micros);
                } else {
                    staged.setNull(from + i);
                    if (!block.isNull(i)) {
                        unreadable(from + i, micros, space.faults);
                    }
                }
            }
            from += count;
        }
        return staged.into(new TimeStampMicroTZVector(target, space.allocator));
    }

    private static void unreadable(int row, long result, BatchFaults faults) {
        if (result == TimestampText.OUT_OF_CALENDAR) {
            faults.add(row, FaultCode.TIMESTAMP_OUT_OF_RANGE, OUT_OF_CALENDAR);
        } else {
            faults.add(row, FaultCode.UNREADABLE_VALUE, UNREADABLE);
        }
    }
}
