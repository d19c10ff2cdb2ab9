package io.nexusid.states;

import io.nexusid.api.DeltaMode;
import io.nexusid.api.DerivedTies;
import io.nexusid.api.GapMode;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntComparator;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.Arrays;

/**
 * A state that follows from others: the stays of its components, merged in order of time, and at each change a
 * {@link StateCombination} asked what the whole is now.
 *
 * <p>GROUPED: a component is what its stay in force says, as in {@link EntityStates}, and null outside its stays. All
 * that happens at one instant has happened before the rule is asked, so no stay is empty. Where all components are null
 * the result is null, and the rule is not asked. A null result ends the stay; only equal values that touch are one stay.
 * The trigger is, of the components in force that were entered at the first instant of the stay, the one with the least
 * number; there is none if the stay begins because a component ended.
 *
 * <p>SEQUENTIAL: the entries alone are visited one by one, in order of instant, component and {@code tie}, and a
 * component is what its last entry with a value or number said, whatever has ended since. A visit begins a stay if its
 * result differs from that of the visit before; it also does if that was null, even if both are, so such a stay may
 * follow one of equal value. A null result that follows a value is not noticed. A stay ends where the next begins, even
 * if that is at once.
 *
 * <p>Cost: GROUPED that of {@link EntityStates}, then one question per row of theirs; SEQUENTIAL one sort, O(n log n),
 * and one question per entry. Memory of the result: 28 bytes per stay. Immutable; the input arrays are not kept.
 */
public final class DerivedStates {
    private static final long NEVER = Long.MIN_VALUE;
    private static final int NONE = -1;

    private final int[] entity;
    private final int[] value;
    private final long[] entered;
    private final long[] exited;
    private final int[] trigger;

    private DerivedStates(Stays stays) {
        this.entity = stays.entity.toIntArray();
        this.value = stays.value.toIntArray();
        this.entered = stays.entered.toLongArray();
        this.exited = stays.exited.toLongArray();
        this.trigger = stays.trigger.toIntArray();
    }

    /**
     * Computes one derived state of all entities.
     *
     * @param rows number of component stays; the arrays may be longer
     * @param entity rank of the entity's id; negative rows are ignored
     * @param component number of the component, from 0; negative rows are ignored
     * @param components how many there are
     * @param enteredAt epoch microseconds; {@link Long#MIN_VALUE} is null, and the row is ignored
     * @param exitedAt epoch microseconds; {@link Long#MIN_VALUE} is null, the stay is open
     * @param value code of the value, or of the status {@link #statuses} gave it; -1 is null
     * @param number numbers, {@link StateNumbers#NULL} for none
     * @param tie order of the stays of one entity, component and entry: by trigger, then by whatever else tells them
     *     apart
     * @throws IllegalArgumentException if an array is too short, or a component out of range
     */
    public static DerivedStates compute(
            int rows,
            int[] entity,
            int[] component,
            int components,
            long[] enteredAt,
            long[] exitedAt,
            int[] value,
            long[] number,
            IntComparator tie,
            StateCombination combination,
            DerivedTies ties) {
        EntityRows.checkLength("entity", entity.length, rows);
        EntityRows.checkLength("component", component.length, rows);
        EntityRows.checkLength("enteredAt", enteredAt.length, rows);
        EntityRows.checkLength("exitedAt", exitedAt.length, rows);
        EntityRows.checkLength("value", value.length, rows);
        EntityRows.checkLength("number", number.length, rows);
        for (int row = 0; row < rows; row++) {
            if (component[row] >= components) {
                throw new IllegalArgumentException(
                        "stay " + row + " has component " + component[row] + " of " + components);
            }
        }
        Vector current = new Vector(components, value, number);
        Stays stays = ties == DerivedTies.GROUPED
                ? grouped(rows, entity, component, enteredAt, exitedAt, tie, combination, current)
                : sequential(rows, entity, component, enteredAt, tie, combination, current);
        return new DerivedStates(stays);
    }

    /**
     * What each component stay counts as: the condition of its component asked about that stay alone.
     *
     * @param conditions by component
     * @return by row, the code to give to {@link #compute} as value
     */
    public static int[] statuses(int rows, int[] component, int[] value, long[] number, StateCombination[] conditions) {
        Vector alone = new Vector(conditions.length, value, number);
        int[] statuses = new int[rows];
        for (int row = 0; row < rows; row++) {
            statuses[row] = NONE;
            if (component[row] >= 0) {
                alone.stays[component[row]] = row;
                statuses[row] = conditions[component[row]].combine(alone);
                alone.stays[component[row]] = NONE;
            }
        }
        return statuses;
    }

    private static Stays grouped(
            int rows,
            int[] entity,
            int[] component,
            long[] enteredAt,
            long[] exitedAt,
            IntComparator tie,
            StateCombination combination,
            Vector current) {
        int components = current.stays.length;
        int[] owned = new int[rows];
        boolean[] present = new boolean[rows];
        for (int row = 0; row < rows; row++) {
            owned[row] = component[row] < 0 ? NONE : entity[row];
            present[row] = current.isPresent(row);
        }
        EntityStates timelines = EntityStates.compute(
                rows,
                owned,
                component,
                component,
                new boolean[components],
                enteredAt,
                exitedAt,
                present,
                current.number,
                tie,
                GapMode.CLOSE,
                DeltaMode.COMPAT);
        Stays stays = new Stays();
        for (int row = 0; row < timelines.size(); row++) {
            int trigger = NONE;
            for (int c = 0; c < components; c++) {
                int stay = timelines.stay(c, row);
                current.stays[c] = stay;
                if (trigger == NONE && stay != NONE && enteredAt[stay] == timelines.validFrom(row)) {
                    trigger = stay;
                }
            }
            int combined = combination.combine(current);
            if (combined >= 0 && !stays.continues(timelines.entity(row), combined, timelines.validFrom(row))) {
                stays.add(timelines.entity(row), combined, timelines.validFrom(row), trigger);
            }
            if (combined >= 0) {
                stays.endLast(timelines.validTo(row));
            }
        }
        return stays;
    }

    private static Stays sequential(
            int rows,
            int[] entity,
            int[] component,
            long[] enteredAt,
            IntComparator tie,
            StateCombination combination,
            Vector current) {
        IntComparator inOrder = (a, b) -> {
            int order = Long.compare(enteredAt[a], enteredAt[b]);
            order = order != 0 ? order : Integer.compare(component[a], component[b]);
            order = order != 0 ? order : tie.compare(a, b);
            return order != 0 ? order : Integer.compare(a, b);
        };
        int[] visits = EntityRows.sorted(
                rows, entity, row -> entity[row] >= 0 && component[row] >= 0 && enteredAt[row] != NEVER, inOrder);
        Stays stays = new Stays();
        int before = NONE;
        boolean open = false;
        for (int i = 0; i < visits.length; i++) {
            int visit = visits[i];
            if (i == 0 || entity[visits[i - 1]] != entity[visit]) {
                Arrays.fill(current.stays, NONE);
                before = NONE;
                open = false;
            }
            if (current.isPresent(visit)) {
                current.stays[component[visit]] = visit;
            }
            int combined = combination.combine(current);
            if (before < 0 || (combined >= 0 && combined != before)) {
                if (open) {
                    stays.endLast(enteredAt[visit]);
                }
                open = combined >= 0;
                if (open) {
                    stays.add(entity[visit], combined, enteredAt[visit], visit);
                }
            }
            before = combined;
        }
        return stays;
    }

    /** Number of stays, sorted by (entity, entered). */
    public int size() {
        return entity.length;
    }

    /** The entity of stay {@code i}. */
    public int entity(int i) {
        return entity[i];
    }

    /** The code the combination gave for stay {@code i}. */
    public int value(int i) {
        return value[i];
    }

    /** The first instant of stay {@code i}, epoch microseconds. */
    public long enteredAt(int i) {
        return entered[i];
    }

    /** The first instant after stay {@code i}, epoch microseconds; {@link Long#MIN_VALUE} while it is open. */
    public long exitedAt(int i) {
        return exited[i];
    }

    /** The component stay whose trigger is that of stay {@code i}, -1 if it has none. */
    public int trigger(int i) {
        return trigger[i];
    }

    /** The current stay of each component, -1 for none. */
    private static final class Vector implements CurrentStates {
        final int[] stays;
        private final int[] value;
        private final long[] number;

        Vector(int components, int[] value, long[] number) {
            this.stays = new int[components];
            this.value = value;
            this.number = number;
            Arrays.fill(stays, NONE);
        }

        boolean isPresent(int row) {
            return value[row] >= 0 || !StateNumbers.isNull(number[row]);
        }

        @Override
        public int value(int component) {
            int stay = stays[component];
            return stay < 0 ? NONE : value[stay];
        }

        @Override
        public long number(int component) {
            int stay = stays[component];
            return stay < 0 ? StateNumbers.NULL : number[stay];
        }
    }

    /** The stays found so far. */
    private static final class Stays {
        final IntArrayList entity = new IntArrayList();
        final IntArrayList value = new IntArrayList();
        final LongArrayList entered = new LongArrayList();
        final LongArrayList exited = new LongArrayList();
        final IntArrayList trigger = new IntArrayList();

        void add(int ofEntity, int combined, long from, int because) {
            entity.add(ofEntity);
            value.add(combined);
            entered.add(from);
            exited.add(NEVER);
            trigger.add(because);
        }

        void endLast(long at) {
            exited.set(exited.size() - 1, at);
        }

        /** Whether the last stay is of this entity and value and ends at this instant. */
        boolean continues(int ofEntity, int combined, long from) {
            int last = entity.size() - 1;
            return last >= 0
                    && entity.getInt(last) == ofEntity
                    && value.getInt(last) == combined
                    && exited.getLong(last) == from;
        }
    }
}
