package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.EntityType;
import io.nexusid.api.FaultCode;
import io.nexusid.api.InputColumn;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.Presence;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.jspecify.annotations.Nullable;

/** What a table asks of the cells of its canonical columns: presence, names, and the two rules that need the configuration. */
final class RowRules {
    private static final String NULL = "null, where a value is required";
    private static final Set<String> NAMES =
            Set.of("trait_name", "measurement_name", "dimension_name", "state_name", "relationship_type");

    private final InputTable table;
    private final boolean nullIsBlank;
    private final boolean emptyIsBlank;
    private final boolean lenientBooleans;
    private final List<byte[]> resolvedTypes;
    private final TextCells names = new TextCells();

    RowRules(InputTable table, NexusConfig config) {
        this.table = table;
        this.nullIsBlank = !config.compat().keepsBlankIdentifiers();
        this.emptyIsBlank = nullIsBlank && config.ignoreEmptyIdentifiers();
        this.lenientBooleans = config.lenientBooleans();
        this.resolvedTypes = config.entityTypes().stream()
                .filter(EntityType::resolved)
                .map(t -> t.name().getBytes(UTF_8))
                .toList();
    }

    /**
     * Records the faults of one column.
     *
     * @param cells the canonical column
     * @param dimensionNames the names beside the values of {@code event_dimensions}, or null
     */
    void check(
            InputColumn column,
            FieldVector cells,
            @Nullable FieldVector dimensionNames,
            int rows,
            ConversionSpace space) {
        if (column.presence() == Presence.IDENTIFIER) {
            refuseBlankIdentifiers((VarCharVector) cells, rows, space);
        } else if (column.presence() == Presence.REQUIRED && NAMES.contains(column.name())) {
            refuseBlankNames((VarCharVector) cells, rows, space);
        } else if (column.presence() == Presence.REQUIRED) {
            refuseNulls(cells, rows, space);
        }
        if (table == InputTable.ENTITY_REGISTRATIONS && column.name().equals("entity_type")) {
            refuseResolvedTypes((VarCharVector) cells, rows, space);
        }
        if (dimensionNames != null && !lenientBooleans && column.name().equals("dimension_value")) {
            refuseNoBooleans((VarCharVector) cells, (VarCharVector) dimensionNames, rows, space);
        }
    }

    private static void refuseNulls(FieldVector cells, int rows, ConversionSpace space) {
        if (cells.getNullCount() == 0) {
            return;
        }
        space.fixed.loadValidity(cells, rows);
        for (int i = 0; i < rows; i++) {
            if (space.fixed.isNull(i)) {
                space.faults.add(i, FaultCode.MISSING_VALUE, NULL);
            }
        }
    }

    private void refuseBlankIdentifiers(VarCharVector cells, int rows, ConversionSpace space) {
        if (!nullIsBlank) {
            return;
        }
        eachBlank(cells, rows, space, (row, isNull) -> {
            if (isNull || emptyIsBlank) {
                space.faults.add(
                        row,
                        FaultCode.BLANK_IDENTIFIER,
                        isNull ? "null is no identifier" : "empty text is no identifier");
            }
        });
    }

    private static void refuseBlankNames(VarCharVector cells, int rows, ConversionSpace space) {
        eachBlank(
                cells,
                rows,
                space,
                (row, isNull) -> space.faults.add(
                        row, FaultCode.BLANK_NAME, isNull ? "null is no name" : "empty text is no name"));
    }

    private interface BlankCell {
        void at(int row, boolean isNull);
    }

    private static void eachBlank(VarCharVector cells, int rows, ConversionSpace space, BlankCell blank) {
        TextCells block = space.block;
        int from = 0;
        while (from < rows) {
            int count = block.load(cells, from, rows - from);
            for (int i = 0; i < count; i++) {
                if (block.isBlank(i)) {
                    blank.at(from + i, block.isNull(i));
                }
            }
            from += count;
        }
    }

    private void refuseResolvedTypes(VarCharVector cells, int rows, ConversionSpace space) {
        TextCells block = space.block;
        int from = 0;
        while (from < rows) {
            int count = block.load(cells, from, rows - from);
            for (int i = 0; i < count; i++) {
                byte[] type = block.isNull(i) ? null : resolvedType(block.bytes(), block.start(i), block.end(i));
                if (type != null) {
                    space.faults.add(
                            from + i,
                            FaultCode.RESOLVED_TYPE_REGISTERED,
                            "'" + new String(type, UTF_8) + "' is configured to be resolved: it cannot be registered");
                }
            }
            from += count;
        }
    }

    private byte @Nullable [] resolvedType(byte[] bytes, int from, int to) {
        for (byte[] type : resolvedTypes) {
            if (Arrays.equals(type, 0, type.length, bytes, from, to)) {
                return type;
            }
        }
        return null;
    }

    /** Dimensions named {@code is_...} become booleans. */
    private void refuseNoBooleans(VarCharVector values, VarCharVector dimensionNames, int rows, ConversionSpace space) {
        TextCells block = space.block;
        int from = 0;
        while (from < rows) {
            int count = TextCells.fit(dimensionNames, from, TextCells.fit(values, from, rows - from));
            names.loadExactly(dimensionNames, from, count);
            block.loadExactly(values, from, count);
            for (int i = 0; i < count; i++) {
                if (isBooleanName(i)
                        && !block.isNull(i)
                        && BooleanText.parse(block.bytes(), block.start(i), block.end(i)) == BooleanText.UNREADABLE) {
                    space.faults.add(from + i, FaultCode.UNREADABLE_VALUE, ToBoolean.UNREADABLE);
                }
            }
            from += count;
        }
    }

    /** Names are lower-cased, and their spaces become underscores, on their way to column names. */
    private boolean isBooleanName(int i) {
        int start = names.start(i);
        if (names.end(i) - start < 3 || names.isNull(i)) {
            return false;
        }
        byte[] bytes = names.bytes();
        return (bytes[start] | 0x20) == 'i'
                && (bytes[start + 1] | 0x20) == 's'
                && (bytes[start + 2] == '_' || bytes[start + 2] == ' ');
    }
}
