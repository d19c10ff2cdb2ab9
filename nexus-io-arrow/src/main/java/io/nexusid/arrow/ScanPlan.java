package io.nexusid.arrow;

import io.nexusid.api.ColumnType;
import io.nexusid.api.FaultCode;
import io.nexusid.api.FaultPolicy;
import io.nexusid.api.InputColumn;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.Presence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of one source a scan reads and checks, in declared order (further columns behind), and which of them it
 * hands out.
 *
 * <p>The first scan of a table checks, besides what is asked for, every column that may not be null or blank, and all
 * columns if the configuration sets unreadable cells aside: so the rows that are set aside do not depend on what is asked
 * for. Later scans know those rows and read only what is asked for. What a later scan of the same run is sure to read can be
 * left to it where no fault sets a row aside.
 */
final class ScanPlan {
    private static final List<FaultCode> FAULTS_OF_ANY_COLUMN =
            List.of(FaultCode.INVALID_UTF8, FaultCode.UNREADABLE_VALUE, FaultCode.TIMESTAMP_OUT_OF_RANGE);

    private final List<Planned> columns = new ArrayList<>();
    private final List<String> reads = new ArrayList<>();
    private final int[] outputs;
    private final int[] idParts;
    private final int id;

    /**
     * One column of the plan.
     *
     * @param column its name and type in the table
     * @param field name and canonical type of its vector
     * @param bound where it comes from, or null if the source does not have it
     * @param readIndex which of {@link #reads} it is, or -1
     */
    record Planned(InputColumn column, Field field, InputBinding.@Nullable Bound bound, int readIndex) {}

    /**
     * Plans the scan of one source.
     *
     * @param requested columns to hand out, in order
     * @param deferred columns that a later scan of the run reads
     * @param rejectsKnown whether an earlier scan has found the rows to set aside
     * @param mintsIds whether row ids are minted where they are missing, or left null
     */
    ScanPlan(
            InputTable table,
            InputBinding source,
            List<String> requested,
            Set<String> deferred,
            NexusConfig config,
            boolean rejectsKnown,
            boolean mintsIds) {
        Set<String> wanted = new TreeSet<>(requested);
        boolean mints = mintsIds
                && table.mintedId().isPresent()
                && wanted.contains(table.mintedId().get());
        List<String> parts = mints ? MintedIds.keyColumns(table, source.column("role") != null) : List.of();
        wanted.addAll(parts);
        if (wanted.contains("dimension_value")) {
            wanted.add("dimension_name");
        }
        boolean everything = !rejectsKnown && checksEveryColumn(config);
        boolean defers = setsNothingAside(config);
        for (InputColumn column : table.columns()) {
            boolean mustCheck = !rejectsKnown
                    && !(defers && deferred.contains(column.name()))
                    && (column.presence() == Presence.REQUIRED || column.presence() == Presence.IDENTIFIER);
            boolean checked = mustCheck || (everything && source.column(column.name()) != null);
            if (checked || wanted.remove(column.name())) {
                add(column, source);
                wanted.remove(column.name());
            }
        }
        for (String name : source.further()) {
            if (everything || wanted.contains(name)) {
                add(new InputColumn(name, ColumnType.STRING, Presence.OPTIONAL), source);
            }
            wanted.remove(name);
        }
        for (String name : wanted) {
            add(new InputColumn(name, ColumnType.STRING, Presence.OPTIONAL), source);
        }
        outputs = positions(requested);
        idParts = positions(parts);
        id = mints ? position(table.mintedId().get()) : -1;
        if (reads.isEmpty()) {
            readAnything(source);
        }
    }

    static boolean checksEveryColumn(NexusConfig config) {
        return FAULTS_OF_ANY_COLUMN.stream().anyMatch(code -> config.faultPolicy(code) == FaultPolicy.SET_ASIDE);
    }

    private static boolean setsNothingAside(NexusConfig config) {
        return Arrays.stream(FaultCode.values()).allMatch(code -> config.faultPolicy(code) == FaultPolicy.FAIL);
    }

    private void add(InputColumn column, InputBinding source) {
        InputBinding.Bound bound = source.column(column.name());
        int readIndex = -1;
        if (bound != null && bound.field() != null) {
            readIndex = reads.size();
            reads.add(bound.field().getName());
        }
        InputColumn carried = bound == null ? column : bound.column();
        columns.add(new Planned(carried, ArrowTypes.field(carried.name(), carried.type()), bound, readIndex));
    }

    /** A source gives the number of its rows with the rows of some column. */
    private void readAnything(InputBinding source) {
        reads.add(source.source().columns().get(0).getName());
    }

    private int[] positions(List<String> names) {
        return names.stream().mapToInt(this::position).toArray();
    }

    private int position(String name) {
        int at = find(name);
        if (at < 0) {
            throw new IllegalStateException("column " + name + " is not planned");
        }
        return at;
    }

    /** The columns to convert and check, in this order. */
    List<Planned> columns() {
        return columns;
    }

    /** Names to read from the source. */
    List<String> reads() {
        return reads;
    }

    /** Positions in {@link #columns} of what is handed out, in the order asked for. */
    int[] outputs() {
        return outputs;
    }

    /** Position of the minted id, or -1 if it is not asked for. */
    int id() {
        return id;
    }

    /** Positions of the key columns of the minted id. */
    int[] idParts() {
        return idParts;
    }

    /** Position of {@code dimension_name} if the plan holds it, or -1. */
    int dimensionNames() {
        return find("dimension_name");
    }

    /** Position of a column if the plan holds it, or -1. */
    int find(String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).column().name().equals(name)) {
                return i;
            }
        }
        return -1;
    }
}
