package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.EntityType;
import io.nexusid.api.FaultCode;
import io.nexusid.api.IdForm;
import io.nexusid.api.InputColumn;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.Presence;
import io.nexusid.arrow.format.BatchColumn;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.arrow.format.TextDictionary;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** What a table asks of the cells of its canonical columns: presence, names, and the two rules that need the configuration. */
final class RowRules {
    private static final String NULL = "null, where a value is required";
    private static final String NO_ID =
            "is no id of this entity type (its prefix, _ and 32 hexadecimal digits), which ids = binary needs";
    private static final Set<String> NAMES =
            Set.of("trait_name", "measurement_name", "dimension_name", "state_name", "relationship_type");

    private final InputTable table;
    private final boolean nullIsBlank;
    private final boolean emptyIsBlank;
    private final boolean lenientBooleans;
    private final IdForm ids;
    private final NexusConfig config;
    private final Map<String, byte[]> prefixes = new HashMap<>();
    private final List<byte[]> resolvedTypes;

    RowRules(InputTable table, NexusConfig config) {
        this.table = table;
        this.nullIsBlank = !config.compat().keepsBlankIdentifiers();
        this.emptyIsBlank = nullIsBlank && config.ignoreEmptyIdentifiers();
        this.lenientBooleans = config.lenientBooleans();
        this.ids = config.ids();
        this.config = config;
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
            BatchColumn cells,
            @Nullable BatchColumn dimensionNames,
            int rows,
            ConversionSpace space) {
        if (column.presence() == Presence.IDENTIFIER) {
            refuseBlankIdentifiers(cells.text(), space.faults);
        } else if (column.presence() == Presence.REQUIRED && NAMES.contains(column.name())) {
            refuseBlankNames(cells.text(), space.faults);
        } else if (column.presence() == Presence.REQUIRED) {
            refuseNulls(cells, rows, space);
        }
        if (table == InputTable.ENTITY_REGISTRATIONS && column.name().equals("entity_type")) {
            refuseResolvedTypes(cells.text(), space.faults);
        }
        if (dimensionNames != null && !lenientBooleans && column.name().equals("dimension_value")) {
            refuseNoBooleans(cells.text(), dimensionNames.text(), space.faults);
        }
    }

    /**
     * Records the ids of given states that cannot be written as bytes: an id counts as minted if it is the prefix of its
     * entity's type and the digits of a key, whether or not there is such an entity.
     */
    void checkIds(BatchColumn entityIds, BatchColumn entityTypes, BatchFaults faults) {
        if (table != InputTable.STATES || ids == IdForm.HEX) {
            return;
        }
        TextBlock cells = entityIds.text();
        TextBlock types = entityTypes.text();
        faults.in("entity_id");
        for (int i = 0; i < cells.rows(); i++) {
            if (!cells.isNull(i) && !types.isNull(i)) {
                byte[] prefix = prefixes.computeIfAbsent(types.text(i), this::prefix);
                if (!IdText.isId(prefix, cells.bytes(), cells.from(i), cells.length(i))) {
                    faults.add(i, FaultCode.UNREADABLE_VALUE, NO_ID);
                }
            }
        }
    }

    private byte[] prefix(String entityType) {
        EntityType type = config.entityType(entityType).orElse(EntityType.registered("entity"));
        return Bytes.of(type.prefix() + "_");
    }

    private static void refuseNulls(BatchColumn column, int rows, ConversionSpace space) {
        if (column.isText()) {
            TextBlock cells = column.text();
            for (int i = 0; i < rows && cells.hasNulls(); i++) {
                if (cells.isNull(i)) {
                    space.faults.add(i, FaultCode.MISSING_VALUE, NULL);
                }
            }
            return;
        }
        FieldVector cells = column.vector();
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

    private void refuseBlankIdentifiers(TextBlock cells, BatchFaults faults) {
        if (!nullIsBlank) {
            return;
        }
        eachBlank(cells, (row, isNull) -> {
            if (isNull || emptyIsBlank) {
                faults.add(
                        row,
                        FaultCode.BLANK_IDENTIFIER,
                        isNull ? "null is no identifier" : "empty text is no identifier");
            }
        });
    }

    private static void refuseBlankNames(TextBlock cells, BatchFaults faults) {
        eachBlank(
                cells,
                (row, isNull) ->
                        faults.add(row, FaultCode.BLANK_NAME, isNull ? "null is no name" : "empty text is no name"));
    }

    private interface BlankCell {
        void at(int row, boolean isNull);
    }

    private static void eachBlank(TextBlock cells, BlankCell blank) {
        TextDictionary dictionary = cells.dictionary();
        if (dictionary != null && !dictionary.anyEmpty() && !cells.hasNulls()) {
            return;
        }
        for (int i = 0; i < cells.rows(); i++) {
            if (cells.isBlank(i)) {
                blank.at(i, cells.isNull(i));
            }
        }
    }

    private void refuseResolvedTypes(TextBlock cells, BatchFaults faults) {
        for (int i = 0; i < cells.rows(); i++) {
            byte[] type = cells.isNull(i)
                    ? null
                    : resolvedType(cells.bytes(), cells.from(i), cells.from(i) + cells.length(i));
            if (type != null) {
                faults.add(
                        i,
                        FaultCode.RESOLVED_TYPE_REGISTERED,
                        "'" + new String(type, UTF_8) + "' is configured to be resolved: it cannot be registered");
            }
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
    private static void refuseNoBooleans(TextBlock values, TextBlock names, BatchFaults faults) {
        for (int i = 0; i < values.rows(); i++) {
            if (isBooleanName(names, i) && !values.isNull(i)) {
                int from = values.from(i);
                if (BooleanText.parse(values.bytes(), from, from + values.length(i)) == BooleanText.UNREADABLE) {
                    faults.add(i, FaultCode.UNREADABLE_VALUE, ToBoolean.UNREADABLE);
                }
            }
        }
    }

    /** Names are lower-cased, and their spaces become underscores, on their way to column names. */
    private static boolean isBooleanName(TextBlock names, int i) {
        if (names.isNull(i) || names.length(i) < 3) {
            return false;
        }
        int start = names.from(i);
        byte[] bytes = names.bytes();
        return (bytes[start] | 0x20) == 'i'
                && (bytes[start + 1] | 0x20) == 's'
                && (bytes[start + 2] == '_' || bytes[start + 2] == ' ');
    }
}
