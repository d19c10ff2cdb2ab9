package io.nexusid.arrow;

import io.nexusid.api.ColumnType;
import io.nexusid.api.FaultCode;
import io.nexusid.api.InputColumn;
import io.nexusid.api.InputTable;
import io.nexusid.api.LegacyTable;
import io.nexusid.api.NexusDataException;
import io.nexusid.api.Presence;
import io.nexusid.arrow.format.RowSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Which column of one source stands for which column of its table. Names match exactly, or are older names; what an
 * older table name fixes is a constant. Made from the header alone.
 */
final class InputBinding {
    private static final Set<String> MINTED_FOR_REGISTRATIONS = Set.of("entity_id", "_registered_at");

    private final InputTable table;
    private final @Nullable LegacyTable legacy;
    private final RowSource source;
    private final Map<String, Bound> columns = new LinkedHashMap<>();
    private final List<String> further = new ArrayList<>();
    private final List<String> ignored = new ArrayList<>();

    /**
     * A column of the table that this source has.
     *
     * @param column name, type and presence in the table
     * @param field where it is in the source, or null if it is a constant
     * @param constant the text that every row has, or null
     * @param conversion from the source's type, or null if it is a constant
     */
    record Bound(
            InputColumn column,
            @Nullable Field field,
            @Nullable String constant,
            @Nullable ColumnConversion conversion) {}

    private InputBinding(InputTable table, @Nullable LegacyTable legacy, RowSource source) {
        this.table = table;
        this.legacy = legacy;
        this.source = source;
    }

    /**
     * Binds a source.
     *
     * @throws NexusDataException if a required column is missing, one is there twice, or one has a type that cannot be
     *     widened
     */
    static InputBinding of(InputTable table, @Nullable LegacyTable legacy, RowSource source) {
        InputBinding binding = new InputBinding(table, legacy, source);
        binding.refuseRepeatedNames();
        if (legacy != null) {
            legacy.constants().forEach(binding::bindConstant);
        }
        for (Field field : source.columns()) {
            binding.bind(field);
        }
        binding.refuseMissing();
        return binding;
    }

    /** The source that is bound. */
    RowSource source() {
        return source;
    }

    /** The column of this name in the table, or null if this source does not have it. */
    @Nullable Bound column(String name) {
        return columns.get(name);
    }

    /** The table that it is a source of. */
    InputTable table() {
        return table;
    }

    /** Has a column of decimals or whole numbers carried as whole multiples of 10<sup>-scale</sup>. */
    void carryExactly(String name, int scale) {
        columns.computeIfPresent(name, (same, bound) -> {
            Field field = Objects.requireNonNull(bound.field(), name);
            InputColumn exact =
                    new InputColumn(name, ColumnType.INTEGER, bound.column().presence());
            return new Bound(exact, field, null, ToUnscaled.from(field.getType(), scale));
        });
    }

    /** Columns beyond the declared ones that are kept, in the source's order. */
    List<String> further() {
        return further;
    }

    /** Columns of the source that are not used, in its order. */
    List<String> ignored() {
        return ignored;
    }

    private void refuseRepeatedNames() {
        Map<String, String> seen = new HashMap<>();
        for (Field field : source.columns()) {
            String name = field.getName();
            String other = seen.put(name.toLowerCase(Locale.ROOT), name);
            if (other != null) {
                throw fault(FaultCode.DUPLICATE_COLUMN, name)
                        .because(
                                other.equals(name)
                                        ? "two columns have this name"
                                        : "there is a column " + other + " too, which differs only in case");
            }
        }
    }

    private void bindConstant(String name, String value) {
        columns.put(name, new Bound(declared(name), null, value, null));
    }

    private void bind(Field field) {
        String name = field.getName();
        String target = targetOf(name);
        if (target == null) {
            refuseCaseVariant(name);
            bindFurther(field);
            return;
        }
        Bound other = columns.get(target);
        if (other != null) {
            Field first = other.field();
            if (first == null) {
                ignored.add(name);
                return;
            }
            throw fault(FaultCode.DUPLICATE_COLUMN, name)
                    .because("stands for " + target + ", and so does the column " + first.getName());
        }
        InputColumn column = declared(target);
        ColumnConversion conversion = ColumnConversion.of(field, column.type(), source.textual());
        if (conversion == null) {
            throw wrongType(field, column.type());
        }
        columns.put(target, new Bound(column, field, null, conversion));
    }

    private void bindFurther(Field field) {
        String name = field.getName();
        if (!table.keepsFurtherColumns() || MINTED_FOR_REGISTRATIONS.contains(name)) {
            ignored.add(name);
            return;
        }
        ColumnConversion conversion = ColumnConversion.toText(field);
        if (conversion == null) {
            throw wrongType(field, ColumnType.STRING);
        }
        InputColumn column = new InputColumn(name, ColumnType.STRING, Presence.OPTIONAL);
        columns.put(name, new Bound(column, field, null, conversion));
        further.add(name);
    }

    /** The declared column that a name stands for, or null. */
    private @Nullable String targetOf(String name) {
        if (table.column(name).isPresent()) {
            return name;
        }
        if (legacy != null && legacy.renames().containsKey(name)) {
            return legacy.renames().get(name);
        }
        return table.renamed(name).orElse(null);
    }

    private void refuseCaseVariant(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!lower.equals(name) && targetOf(lower) != null) {
            throw fault(FaultCode.DUPLICATE_COLUMN, name)
                    .because("differs only in case from " + lower + ": names are matched exactly, so rename it");
        }
    }

    private void refuseMissing() {
        for (InputColumn column : table.columns()) {
            if (column.presence() != Presence.OPTIONAL && !columns.containsKey(column.name())) {
                throw fault(FaultCode.MISSING_COLUMN, column.name()).because("this column is required");
            }
        }
        if (table == InputTable.STATE_CHANGES
                && !columns.containsKey("state_value")
                && !columns.containsKey("state_numeric_value")) {
            throw fault(FaultCode.MISSING_COLUMN, "state_value")
                    .because("this column or state_numeric_value is required");
        }
    }

    private InputColumn declared(String name) {
        Optional<InputColumn> column = table.column(name);
        return column.orElseThrow(() -> new IllegalStateException(table + " declares no column " + name));
    }

    private NexusDataException wrongType(Field field, ColumnType wanted) {
        return fault(FaultCode.WRONG_TYPE, field.getName())
                .because(field.getType() + " cannot be read as " + wanted.name().toLowerCase(Locale.ROOT));
    }

    private NexusDataException.Builder fault(FaultCode code, String column) {
        return NexusDataException.of(code, table.tableName())
                .file(source.name())
                .column(column);
    }
}
