package io.nexusid.arrow;

import io.nexusid.api.FaultCode;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** Conversions to bool. */
final class ToBoolean {
    static final String UNREADABLE = "text that is no boolean (true, t, yes, y, 1, false, f, no, n, 0)";

    private ToBoolean() {}

    static @Nullable ColumnConversion from(MinorType type) {
        return type == MinorType.BIT ? ToBoolean::moved : null;
    }

    private static FieldVector moved(FieldVector source, int rows, Field target, ConversionSpace space) {
        var transfer = source.getTransferPair(target, space.allocator);
        transfer.transfer();
        return (FieldVector) transfer.getTo();
    }

    static FieldVector parsed(FieldVector source, int rows, Field target, ConversionSpace space) {
        StagedColumn staged = space.staged;
        staged.startBits(rows);
        TextCells block = space.block;
        int from = 0;
        while (from < rows) {
            int count = block.load((VarCharVector) source, from, rows - from);
            for (int i = 0; i < count; i++) {
                int value = block.isNull(i)
                        ? BooleanText.UNREADABLE
                        : BooleanText.parse(block.bytes(), block.start(i), block.end(i));
                if (value == BooleanText.TRUE) {
                    staged.setTrue(from + i);
                } else if (value == BooleanText.UNREADABLE) {
                    staged.setNull(from + i);
                    if (!block.isNull(i)) {
                        space.faults.add(from + i, FaultCode.UNREADABLE_VALUE, UNREADABLE);
                    }
                }
            }
            from += count;
        }
        return staged.into(new BitVector(target, space.allocator));
    }
}
