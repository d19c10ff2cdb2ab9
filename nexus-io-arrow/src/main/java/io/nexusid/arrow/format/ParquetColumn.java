package io.nexusid.arrow.format;

import java.util.List;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;

/**
 * A top-level column of a Parquet file and the Arrow form it is read in.
 *
 * <p>Integers are widened so that every value keeps its meaning: signed up to 32 bits to int32, unsigned up to 32 bits
 * and signed 64 to int64, unsigned 64 to uint64. INT96 is timestamp[µs, UTC]. Nested columns and annotations that have
 * no reading are described by their Arrow type with {@link Form#UNREADABLE}.
 *
 * @param leaf the index of its column chunk in each row group; of the first of them if it is nested
 * @param field name, nullability and Arrow type
 * @param form how values are laid out
 * @param physical how the file stores it; meaningless if unreadable
 * @param typeLength bytes of a value if the physical type is of fixed length, else 0
 */
record ParquetColumn(int leaf, Field field, Form form, Type physical, int typeLength) {
    /** The layout of values in memory. */
    enum Form {
        /** One bit. */
        BITS(0),
        /** Four bytes: int32, float32, date. */
        FOUR(4),
        /** Eight bytes: int64, uint64, float64, timestamps. */
        EIGHT(8),
        /** A two's complement number of 16 bytes. */
        DECIMAL_16(16),
        /** A two's complement number of 32 bytes. */
        DECIMAL_32(32),
        /** Bytes with offsets. */
        TEXT(0),
        /** No values at all: every row is null. */
        NOTHING(0),
        /** A type that is not read. */
        UNREADABLE(0);

        final int width;

        Form(int width) {
            this.width = width;
        }
    }

    private static final int MAX_DECIMAL_128 = 38;
    private static final int MAX_DECIMAL_256 = 76;

    String name() {
        return field.getName();
    }

    boolean optional() {
        return field.isNullable();
    }

    /** Whether 32-bit values are unsigned. */
    boolean unsigned32() {
        return physical == Type.INT32 && form == Form.EIGHT;
    }

    /** A column whose value is a group or repeated. */
    static ParquetColumn nested(int leaf, SchemaElement element) {
        boolean list = element.getRepetition_type() == FieldRepetitionType.REPEATED
                || element.getConverted_type() == ConvertedType.LIST
                || (element.isSetLogicalType() && element.getLogicalType().isSetLIST());
        ArrowType type = list ? ArrowType.List.INSTANCE : ArrowType.Struct.INSTANCE;
        return new ParquetColumn(leaf, field(element, type), Form.UNREADABLE, Type.BYTE_ARRAY, 0);
    }

    /** A column of one value a row. */
    static ParquetColumn flat(int leaf, SchemaElement element) {
        Type physical = element.getType();
        int length = physical == Type.FIXED_LEN_BYTE_ARRAY ? element.getType_length() : 0;
        ParquetDamage.unless(
                physical != Type.FIXED_LEN_BYTE_ARRAY || length > 0,
                "its schema has a fixed length that is not positive");
        Reading reading = reading(element, physical, length);
        return new ParquetColumn(leaf, field(element, reading.type), reading.form, physical, length);
    }

    private static Field field(SchemaElement element, ArrowType type) {
        boolean nullable = element.getRepetition_type() != FieldRepetitionType.REQUIRED;
        return new Field(element.getName(), new FieldType(nullable, type, null), List.of());
    }

    private record Reading(ArrowType type, Form form) {}

    private static Reading reading(SchemaElement element, Type physical, int length) {
        LogicalType logical = element.getLogicalType();
        ConvertedType converted = element.getConverted_type();
        if (logical != null && logical.isSetUNKNOWN()) {
            return new Reading(ArrowType.Null.INSTANCE, Form.NOTHING);
        }
        if ((logical != null && logical.isSetDECIMAL()) || converted == ConvertedType.DECIMAL) {
            return decimal(element, physical);
        }
        return switch (physical) {
            case BOOLEAN -> new Reading(ArrowType.Bool.INSTANCE, Form.BITS);
            case FLOAT -> new Reading(new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE), Form.FOUR);
            case DOUBLE -> new Reading(new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE), Form.EIGHT);
            case INT96 -> new Reading(new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"), Form.EIGHT);
            case INT32 -> int32(logical, converted);
            case INT64 -> int64(logical, converted);
            case BYTE_ARRAY -> bytes(logical, converted, new ArrowType.Binary());
            case FIXED_LEN_BYTE_ARRAY -> bytes(logical, converted, new ArrowType.FixedSizeBinary(length));
        };
    }

    private static Reading decimal(SchemaElement element, Type physical) {
        DecimalType declared =
                element.isSetLogicalType() ? element.getLogicalType().getDECIMAL() : null;
        int precision = declared != null ? declared.getPrecision() : element.getPrecision();
        int scale = declared != null ? declared.getScale() : element.getScale();
        boolean stored = physical == Type.INT32
                || physical == Type.INT64
                || physical == Type.BYTE_ARRAY
                || physical == Type.FIXED_LEN_BYTE_ARRAY;
        if (!stored || precision < 1 || precision > MAX_DECIMAL_256 || scale < 0 || scale > precision) {
            return new Reading(new ArrowType.Binary(), Form.UNREADABLE);
        }
        boolean narrow = precision <= MAX_DECIMAL_128;
        return new Reading(
                new ArrowType.Decimal(precision, scale, narrow ? 128 : 256),
                narrow ? Form.DECIMAL_16 : Form.DECIMAL_32);
    }

    private static Reading int32(LogicalType logical, ConvertedType converted) {
        if ((logical != null && logical.isSetDATE()) || converted == ConvertedType.DATE) {
            return new Reading(new ArrowType.Date(DateUnit.DAY), Form.FOUR);
        }
        if ((logical != null && logical.isSetTIME()) || converted == ConvertedType.TIME_MILLIS) {
            return new Reading(new ArrowType.Time(TimeUnit.MILLISECOND, 32), Form.UNREADABLE);
        }
        boolean unsigned = unsigned(logical)
                || converted == ConvertedType.UINT_8
                || converted == ConvertedType.UINT_16
                || converted == ConvertedType.UINT_32;
        return unsigned
                ? new Reading(new ArrowType.Int(64, true), Form.EIGHT)
                : new Reading(new ArrowType.Int(32, true), Form.FOUR);
    }

    private static Reading int64(LogicalType logical, ConvertedType converted) {
        if (logical != null && logical.isSetTIMESTAMP()) {
            TimeUnit unit = unit(logical.getTIMESTAMP().getUnit());
            String zone = logical.getTIMESTAMP().isIsAdjustedToUTC() ? "UTC" : null;
            return new Reading(new ArrowType.Timestamp(unit, zone), Form.EIGHT);
        }
        if (converted == ConvertedType.TIMESTAMP_MILLIS || converted == ConvertedType.TIMESTAMP_MICROS) {
            TimeUnit unit = converted == ConvertedType.TIMESTAMP_MILLIS ? TimeUnit.MILLISECOND : TimeUnit.MICROSECOND;
            return new Reading(new ArrowType.Timestamp(unit, "UTC"), Form.EIGHT);
        }
        if ((logical != null && logical.isSetTIME()) || converted == ConvertedType.TIME_MICROS) {
            return new Reading(new ArrowType.Time(TimeUnit.MICROSECOND, 64), Form.UNREADABLE);
        }
        boolean unsigned = unsigned(logical) || converted == ConvertedType.UINT_64;
        return new Reading(new ArrowType.Int(64, !unsigned), Form.EIGHT);
    }

    private static Reading bytes(LogicalType logical, ConvertedType converted, ArrowType otherwise) {
        boolean text = logical == null
                ? converted == null
                        || converted == ConvertedType.UTF8
                        || converted == ConvertedType.ENUM
                        || converted == ConvertedType.JSON
                : logical.isSetSTRING() || logical.isSetENUM() || logical.isSetJSON();
        return text ? new Reading(ArrowType.Utf8.INSTANCE, Form.TEXT) : new Reading(otherwise, Form.UNREADABLE);
    }

    private static boolean unsigned(LogicalType logical) {
        IntType declared = logical != null && logical.isSetINTEGER() ? logical.getINTEGER() : null;
        return declared != null && !declared.isIsSigned();
    }

    private static TimeUnit unit(org.apache.parquet.format.TimeUnit unit) {
        if (unit.isSetMILLIS()) {
            return TimeUnit.MILLISECOND;
        }
        return unit.isSetNANOS() ? TimeUnit.NANOSECOND : TimeUnit.MICROSECOND;
    }
}
