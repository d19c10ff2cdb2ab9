package io.nexusid.states;

import io.nexusid.api.StayPolicy;
import it.unimi.dsi.fastutil.ints.IntComparator;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Stays as somebody gave them, checked: what is wrong with each, and what is left of them under a policy.
 *
 * <p>The findings are those of the input, whatever the policy, in order of row and then of {@link StayFault}. A stay can
 * have several; a stay without a usable entry or number has no others, and is compared with none. Empty stays are no
 * fault. The input is never changed: {@link #isSetAside}, {@link #exitedAt} and {@link #current} say what to use
 * instead.
 *
 * <table>
 * <caption>What becomes of a stay</caption>
 * <tr><th>fault</th><th>REPORT</th><th>REJECT</th><th>LATEST_ENTERED</th></tr>
 * <tr><td>ENTRY_AT_MINUS_INFINITY, NUMBER_NOT_FINITE</td><td colspan="3">set aside</td></tr>
 * <tr><td>NO_ENTRY</td><td>as given: never active</td><td>set aside</td><td>set aside</td></tr>
 * <tr><td>EXIT_AT_INFINITY</td><td colspan="3">open</td></tr>
 * <tr><td>EXIT_BEFORE_ENTRY</td><td>as given</td><td>set aside</td><td>set aside</td></tr>
 * <tr><td>CURRENT_BUT_ENDED, OPEN_BUT_NOT_CURRENT</td><td>as given</td><td>set aside</td><td>follows the exit</td></tr>
 * <tr><td>OVERLAP</td><td>as given</td><td>the later one set aside</td><td>the earlier one ends</td></tr>
 * </table>
 *
 * <p>What is left under REJECT and LATEST_ENTERED has no findings when it is checked again. Under REJECT the stays are
 * looked at in order of entry and compared with what has been kept: a stay that overlaps only one that is set aside is
 * kept. Of stays with equal entry the first by {@code tie} counts as the one in force, as in {@link EntityStates}: it
 * counts as entered first under REJECT, and last under LATEST_ENTERED.
 *
 * <p>Cost: one sort, O(n log n), presorted rows O(n); then one pass. Memory: 9 bytes per stay while computing; 12 per
 * stay and 5 per finding afterwards. Immutable; the arrays are read and not kept.
 */
public final class StayChecks {
    /** First instant of the years that stand for infinity. */
    static final long INFINITY = micros(LocalDate.of(9999, 1, 1));
    /** First instant after the years that stand for minus infinity. */
    static final long AFTER_MINUS_INFINITY = micros(LocalDate.of(2, 1, 1));

    private static final long NEVER = Long.MIN_VALUE;
    private static final int NONE = -1;
    private static final StayFault[] FAULTS = StayFault.values();

    private final long[] exitedAt;
    private final BitSet setAside;
    private final BitSet current;
    private final int[] overlapped;
    private final int[] findingRow;
    private final byte[] findingFault;

    private StayChecks(Pass pass) {
        this.exitedAt = pass.exited;
        this.setAside = pass.setAside;
        this.current = pass.current;
        this.overlapped = pass.overlapped;
        int findings = 0;
        for (byte faults : pass.faults) {
            findings += Integer.bitCount(faults & 0xff);
        }
        this.findingRow = new int[findings];
        this.findingFault = new byte[findings];
        int at = 0;
        for (int row = 0; row < pass.faults.length; row++) {
            for (int left = pass.faults[row] & 0xff; left != 0; left &= left - 1) {
                findingRow[at] = row;
                findingFault[at++] = (byte) Integer.numberOfTrailingZeros(left);
            }
        }
    }

    private static long micros(LocalDate date) {
        return date.atStartOfDay().toEpochSecond(ZoneOffset.UTC) * 1_000_000L;
    }

    /**
     * Checks the stays.
     *
     * @param rows number of stays; the arrays may be longer
     * @param entity rank of the entity's id; negative rows (no owner) are ignored
     * @param state rank of the state's name, not negative
     * @param enteredAt epoch microseconds; {@link Long#MIN_VALUE} is null
     * @param exitedAt epoch microseconds; {@link Long#MIN_VALUE} is null, the stay is open
     * @param current 1 said to be current, 0 said not to be, -1 nothing said
     * @param number {@link StateNumbers} bits
     * @param tie order of the stays of one entity, state and entry; the first is the one in force
     * @throws IllegalArgumentException if an array is too short
     */
    public static StayChecks compute(
            int rows,
            int[] entity,
            int[] state,
            long[] enteredAt,
            long[] exitedAt,
            int[] current,
            long[] number,
            IntComparator tie,
            StayPolicy policy) {
        return compute(rows, entity, state, enteredAt, exitedAt, current, number, NumberForm.DOUBLE, tie, policy);
    }

    /**
     * As {@link #compute(int, int[], int[], long[], long[], int[], long[], IntComparator, StayPolicy)}.
     *
     * @param number in this form
     */
    public static StayChecks compute(
            int rows,
            int[] entity,
            int[] state,
            long[] enteredAt,
            long[] exitedAt,
            int[] current,
            long[] number,
            NumberForm form,
            IntComparator tie,
            StayPolicy policy) {
        EntityRows.checkLength("entity", entity.length, rows);
        EntityRows.checkLength("state", state.length, rows);
        EntityRows.checkLength("enteredAt", enteredAt.length, rows);
        EntityRows.checkLength("exitedAt", exitedAt.length, rows);
        EntityRows.checkLength("current", current.length, rows);
        EntityRows.checkLength("number", number.length, rows);
        Pass pass = new Pass(rows, entity, state, enteredAt, exitedAt, policy);
        for (int row = 0; row < rows; row++) {
            if (entity[row] >= 0) {
                pass.checkAlone(row, current[row], form.isFinite(number[row]));
            }
        }
        IntComparator inForceFirst = (a, b) -> {
            int order = Integer.compare(state[a], state[b]);
            order = order != 0 ? order : Long.compare(enteredAt[a], enteredAt[b]);
            order = order != 0 ? order : tie.compare(a, b);
            order = order != 0 ? order : Long.compare(pass.end(b), pass.end(a));
            return order != 0 ? order : Integer.compare(a, b);
        };
        int[] sorted = EntityRows.sorted(rows, entity, row -> entity[row] >= 0 && pass.lasts(row), inForceFirst);
        pass.findOverlaps(sorted);
        pass.settleOverlaps(sorted);
        return new StayChecks(pass);
    }

    /** Number of findings. */
    public int findings() {
        return findingRow.length;
    }

    /** The stay of finding {@code i}. */
    public int row(int i) {
        return findingRow[i];
    }

    /** What is wrong with it. */
    public StayFault fault(int i) {
        return FAULTS[findingFault[i]];
    }

    /** The stay it overlaps: of those entered earlier the one that lasts longest; -1 for other faults. */
    public int other(int i) {
        return fault(i) == StayFault.OVERLAP ? overlapped[findingRow[i]] : NONE;
    }

    /** Whether this stay is to be left out. */
    public boolean isSetAside(int row) {
        return setAside.get(row);
    }

    /** Where this stay ends under the policy, epoch microseconds; {@link Long#MIN_VALUE} if it is open. */
    public long exitedAt(int row) {
        return exitedAt[row];
    }

    /** Whether this stay is current: what was said of it, unless nothing was or the policy is LATEST_ENTERED. */
    public boolean current(int row) {
        return current.get(row);
    }

    /** The state of one computation. */
    private static final class Pass {
        private final int[] entity;
        private final int[] state;
        private final long[] entered;
        private final long[] exited;
        private final StayPolicy policy;
        private final BitSet setAside = new BitSet();
        private final BitSet current = new BitSet();
        /** Stays with an entry and a usable number that ends after it. */
        private final BitSet lasting = new BitSet();

        /** A bit per {@link StayFault}. */
        private final byte[] faults;

        private final int[] overlapped;

        Pass(int rows, int[] entity, int[] state, long[] entered, long[] exited, StayPolicy policy) {
            this.entity = entity;
            this.state = state;
            this.entered = entered;
            this.exited = Arrays.copyOf(exited, rows);
            this.policy = policy;
            this.faults = new byte[rows];
            this.overlapped = new int[rows];
        }

        void checkAlone(int row, int saidCurrent, boolean finite) {
            if (exited[row] != NEVER && exited[row] >= INFINITY) {
                exited[row] = NEVER;
                add(row, StayFault.EXIT_AT_INFINITY);
            }
            boolean open = exited[row] == NEVER;
            boolean believed = saidCurrent >= 0 && policy != StayPolicy.LATEST_ENTERED;
            current.set(row, believed ? saidCurrent == 1 : open);
            StayFault fatal = fatal(row, finite);
            if (fatal != null) {
                add(row, fatal);
                setAside.set(row, fatal != StayFault.NO_ENTRY || policy != StayPolicy.REPORT);
                return;
            }
            if (!open && exited[row] < entered[row]) {
                add(row, StayFault.EXIT_BEFORE_ENTRY);
                setAside.set(row, policy != StayPolicy.REPORT);
            }
            if (saidCurrent >= 0 && (saidCurrent == 1) != open) {
                add(row, open ? StayFault.OPEN_BUT_NOT_CURRENT : StayFault.CURRENT_BUT_ENDED);
                setAside.set(row, setAside.get(row) || policy == StayPolicy.REJECT);
            }
            lasting.set(row, open || exited[row] > entered[row]);
        }

        private @Nullable StayFault fatal(int row, boolean finite) {
            if (entered[row] == NEVER) {
                return StayFault.NO_ENTRY;
            }
            if (entered[row] < AFTER_MINUS_INFINITY) {
                return StayFault.ENTRY_AT_MINUS_INFINITY;
            }
            return finite ? null : StayFault.NUMBER_NOT_FINITE;
        }

        boolean lasts(int row) {
            return lasting.get(row);
        }

        long end(int row) {
            return exited[row] == NEVER ? Long.MAX_VALUE : exited[row];
        }

        private boolean sameState(int a, int b) {
            return entity[a] == entity[b] && state[a] == state[b];
        }

        void findOverlaps(int[] sorted) {
            int longest = NONE;
            for (int row : sorted) {
                if (longest != NONE && !sameState(longest, row)) {
                    longest = NONE;
                }
                if (longest != NONE && end(longest) > entered[row]) {
                    add(row, StayFault.OVERLAP);
                    overlapped[row] = longest;
                }
                if (longest == NONE || end(row) > end(longest)) {
                    longest = row;
                }
            }
        }

        void settleOverlaps(int[] sorted) {
            int last = NONE;
            for (int row : sorted) {
                if (policy == StayPolicy.REPORT || setAside.get(row)) {
                    continue;
                }
                if (last == NONE || !sameState(last, row) || end(last) <= entered[row]) {
                    last = row;
                } else if (policy == StayPolicy.REJECT || entered[last] == entered[row]) {
                    setAside.set(row);
                } else {
                    exited[last] = entered[row];
                    current.clear(last);
                    last = row;
                }
            }
        }

        private void add(int row, StayFault fault) {
            faults[row] |= (byte) (1 << fault.number);
        }
    }
}
