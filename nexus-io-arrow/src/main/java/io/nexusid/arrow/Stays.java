package io.nexusid.arrow;

import org.jspecify.annotations.Nullable;

/** Stays of one origin, numbered from 0; texts are codes of {@link StateTexts}, entities of {@link StayEntities}. */
interface Stays {
    int size();

    int entity(int stay);

    int name(int stay);

    /** -1 for null. */
    int value(int stay);

    /** {@link io.nexusid.states.StateNumbers} bits. */
    long number(int stay);

    /** -1 for null. */
    int category(int stay);

    long enteredAt(int stay);

    long exitedAt(int stay);

    /** 1, 0 or -1. */
    default int isCurrent(int stay) {
        return exitedAt(stay) == Instants.NULL ? 1 : 0;
    }

    byte @Nullable [] trigger(int stay);

    void copyTriggerTo(int stay, TextAppender out);

    /** Orders two stays by their trigger, nulls last. */
    int compareTriggers(int a, int b);
}
