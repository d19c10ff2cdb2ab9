package io.nexusid.arrow;

import io.nexusid.api.FaultCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong with the rows of one batch: the first fault of each row, in the order in which they are reported. */
final class BatchFaults {
    /** The fault of a row that an earlier scan has set aside. */
    static final Fault KNOWN = new Fault(FaultCode.MALFORMED_RECORD, null, "set aside by an earlier scan");

    private int[] faultOf = new int[0];
    private final List<Fault> faults = new ArrayList<>();
    private int rows;
    private @Nullable String column;

    /**
     * A fault.
     *
     * @param code its kind
     * @param column the column, or null if it is the whole record's
     * @param reason what is wrong, without the value
     */
    record Fault(FaultCode code, @Nullable String column, String reason) {}

    /** Forgets everything; the next batch has this many rows. */
    void start(int rowCount) {
        if (!faults.isEmpty()) {
            Arrays.fill(faultOf, 0, rows, 0);
            faults.clear();
        }
        rows = rowCount;
        column = null;
    }

    /** The column that the following faults are in. */
    void in(@Nullable String columnName) {
        column = columnName;
    }

    /** Records a fault of a row of the batch, unless the row already has one. */
    void add(int row, FaultCode code, String reason) {
        if (of(row) == null) {
            note(row, new Fault(code, column, reason));
        }
    }

    /** Records that an earlier scan has set the row aside, whatever else is wrong with it. */
    void addKnown(int row) {
        note(row, KNOWN);
    }

    private void note(int row, Fault fault) {
        if (faultOf.length < rows) {
            faultOf = Arrays.copyOf(faultOf, rows);
        }
        if (faults.isEmpty() || !faults.get(faults.size() - 1).equals(fault)) {
            faults.add(fault);
        }
        faultOf[row] = faults.size();
    }

    boolean isEmpty() {
        return faults.isEmpty();
    }

    /** The fault of this row, or null. */
    @Nullable Fault of(int row) {
        return faults.isEmpty() || faultOf[row] == 0 ? null : faults.get(faultOf[row] - 1);
    }
}
