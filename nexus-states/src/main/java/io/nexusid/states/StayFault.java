package io.nexusid.states;

import java.util.Locale;

/** What can be wrong with a stay. */
public enum StayFault {
    /** It has no entry, so it never begins. */
    NO_ENTRY(0),
    /** It begins in year 1 or before: somebody's minus infinity. */
    ENTRY_AT_MINUS_INFINITY(1),
    /** Its number is NaN or infinite. */
    NUMBER_NOT_FINITE(2),
    /** It ends in year 9999 or later: somebody's infinity. */
    EXIT_AT_INFINITY(3),
    /** It ends before it begins. */
    EXIT_BEFORE_ENTRY(4),
    /** It is said to be current, but has ended. */
    CURRENT_BUT_ENDED(5),
    /** It is said not to be current, but is open. */
    OPEN_BUT_NOT_CURRENT(6),
    /** It begins while an earlier stay of its entity and state lasts. */
    OVERLAP(7);

    /** Position among all; the bit that stands for it. */
    final int number;

    StayFault(int number) {
        this.number = number;
    }

    /** The stable name, for example {@code exit_before_entry}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
