package io.nexusid.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @Property
    void aCountReadsAsTheRootLocaleWritesIt(@ForAll long value) {
        assertEquals(String.format(Locale.ROOT, "%,d", value), Figures.count(value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|0 ms",
                "999|999 ms",
                "1000|1.0 s",
                "1949|1.9 s",
                "1950|2.0 s",
                "59949|59.9 s",
                "59950|1 min 00 s",
                "60499|1 min 00 s",
                "77000|1 min 17 s",
                "7199600|120 min 00 s"
            })
    void aDurationHasTheUnitThatFits(long millis, String expected) {
        assertEquals(expected, Figures.duration(millis));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|0 bytes",
                "1023|1,023 bytes",
                "1024|1.0 KiB",
                "1536|1.5 KiB",
                "10240|10 KiB",
                "327155712|312 MiB",
                "6442450944|6.0 GiB",
                "2251799813685248|2,048 TiB"
            })
    void memoryIsShownInBinaryUnits(long bytes, String expected) {
        assertEquals(expected, Figures.bytes(bytes));
    }
}
