package io.nexusid.states;

import io.nexusid.api.DeltaMode;
import io.nexusid.api.GapMode;

/**
 * How {@link EntityStates} draws a timeline.
 *
 * @param gaps what becomes of a time without states
 * @param deltas what becomes of a measurement that vanishes
 * @param numbers how the numbers are carried
 * @param coalesceUnchanged whether a row that would show the same as the one it follows is left out, and that one runs
 *     on; a row after a gap is never left out
 */
public record TimelineRules(GapMode gaps, DeltaMode deltas, NumberForm numbers, boolean coalesceUnchanged) {
    /** Doubles, and a row for every change point. */
    public static TimelineRules of(GapMode gaps, DeltaMode deltas) {
        return new TimelineRules(gaps, deltas, NumberForm.DOUBLE, false);
    }

    /** The same with numbers in this form. */
    public TimelineRules with(NumberForm form) {
        return new TimelineRules(gaps, deltas, form, coalesceUnchanged);
    }

    /** The same without rows in which nothing changes. */
    public TimelineRules coalescing() {
        return new TimelineRules(gaps, deltas, numbers, true);
    }
}
