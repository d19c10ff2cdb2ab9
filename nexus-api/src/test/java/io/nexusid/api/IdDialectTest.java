package io.nexusid.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class IdDialectTest {
    private static long micros(String text) {
        return ChronoUnit.MICROS.between(LocalDateTime.of(1970, 1, 1, 0, 0), LocalDateTime.parse(text));
    }

    @Test
    void duckDbTrimsTrailingZeros() {
        assertEquals("2024-01-02 03:04:05", IdDialect.DUCKDB.timestamp(micros("2024-01-02T03:04:05")));
        assertEquals("2024-01-02 03:04:05.12", IdDialect.DUCKDB.timestamp(micros("2024-01-02T03:04:05.120")));
        assertEquals("2024-01-02 03:04:05.000001", IdDialect.DUCKDB.timestamp(micros("2024-01-02T03:04:05.000001")));
        assertEquals("2024-01-02 00:00:00", IdDialect.DUCKDB.timestamp(micros("2024-01-02T00:00:00")));
    }

    @Test
    void theOtherWarehousesWriteZonesAndFixedDigits() {
        long whole = micros("2024-01-02T03:04:05");
        long millis = micros("2024-01-02T03:04:05.120");
        assertEquals("2024-01-02 03:04:05+00", IdDialect.BIGQUERY.timestamp(whole));
        assertEquals("2024-01-02 03:04:05.120+00", IdDialect.BIGQUERY.timestamp(millis));
        assertEquals("2024-01-02 03:04:05.120001+00", IdDialect.BIGQUERY.timestamp(millis + 1));
        assertEquals("2024-01-02 03:04:05.000", IdDialect.SNOWFLAKE.timestamp(whole));
        assertEquals("2024-01-02 03:04:05.120", IdDialect.SNOWFLAKE.timestamp(millis));
    }

    @Test
    void yearsOutsideFourDigitsAreWrittenAsDuckDbDoes() {
        assertEquals("10000-01-01 00:00:00", IdDialect.DUCKDB.timestamp(micros("+10000-01-01T00:00:00")));
        assertEquals("0001-01-01 (BC) 00:00:00", IdDialect.DUCKDB.timestamp(micros("0000-01-01T00:00:00")));
        assertEquals("294247-01-10 04:00:54.775807", IdDialect.DUCKDB.timestamp(Long.MAX_VALUE));
        assertEquals("290309-12-21 (BC) 19:59:05.224193", IdDialect.DUCKDB.timestamp(Long.MIN_VALUE + 1));
    }

    @Property
    void anInstantOfFourDigitYearsIsItsCalendarText(
            @ForAll @LongRange(min = -62_135_596_800_000_000L, max = 253_402_300_799_999_999L) long instant) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(
                Math.floorDiv(instant, 1_000_000L), (int) Math.floorMod(instant, 1_000_000L) * 1000, ZoneOffset.UTC);
        String text = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
                .format(time);
        String trimmed = text.endsWith(".000000") ? text.substring(0, 19) : text.replaceAll("0+$", "");
        assertEquals(trimmed, IdDialect.DUCKDB.timestamp(instant));
        assertEquals(text.substring(0, 23), IdDialect.SNOWFLAKE.timestamp(instant));
    }
}
