package io.nexusid.states;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class StateNumbersTest {

    @Property
    void everyNumberComesBack(@ForAll double number) {
        assertEquals(number + 0.0, StateNumbers.value(StateNumbers.of(number)));
        assertFalse(StateNumbers.isNull(StateNumbers.of(number)));
    }

    @Test
    void bothZerosAreOneNumber() {
        assertEquals(StateNumbers.of(0.0), StateNumbers.of(-0.0));
    }

    @Test
    void anyNanIsOneNumberAndNotNull() {
        double strangeNan = Double.longBitsToDouble(0x7FF8_0000_0000_0001L);
        assertEquals(StateNumbers.of(Double.NaN), StateNumbers.of(strangeNan));
        assertNotEquals(StateNumbers.NULL, StateNumbers.of(strangeNan));
    }

    @Test
    void nullHasNoValue() {
        assertTrue(StateNumbers.isNull(StateNumbers.NULL));
        assertThrows(IllegalArgumentException.class, () -> StateNumbers.value(StateNumbers.NULL));
    }

    @Property
    void numbersCompareByValue(@ForAll double a, @ForAll double b) {
        int expected = Double.compare(a + 0.0, b + 0.0);
        assertEquals(expected, Integer.signum(StateNumbers.compare(StateNumbers.of(a), StateNumbers.of(b))));
    }

    @Test
    void nullComparesAfterNanAndNanAfterNumbers() {
        long nan = StateNumbers.of(Double.NaN);
        long infinity = StateNumbers.of(Double.POSITIVE_INFINITY);
        assertTrue(StateNumbers.compare(infinity, nan) < 0);
        assertTrue(StateNumbers.compare(nan, StateNumbers.NULL) < 0);
        assertTrue(StateNumbers.compare(StateNumbers.NULL, nan) > 0);
        assertEquals(0, StateNumbers.compare(StateNumbers.NULL, StateNumbers.NULL));
    }
}
