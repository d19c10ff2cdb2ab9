package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nexusid.api.IdDialect;
import io.nexusid.arrow.format.DoubleText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** How single cells of text are read: timestamps, numbers, booleans, and what is UTF-8. */
class CellTextTest {
    private static final long YEAR_1 = -62_135_596_800_000_000L;
    private static final long YEAR_9999_END = 253_402_300_799_999_999L;

    @Property(tries = 2000)
    void aWrittenTimestampReadsBack(@ForAll @LongRange(min = YEAR_1, max = YEAR_9999_END) long micros) {
        assertEquals(micros, timestamp(IdDialect.DUCKDB.timestamp(micros)));
    }

    @Property(tries = 2000)
    void aZoneIsSubtracted(
            @ForAll @LongRange(min = YEAR_1, max = YEAR_9999_END) long micros,
            @ForAll @IntRange(min = -1079, max = 1079) int minutes) {
        ZoneOffset zone = ZoneOffset.ofTotalSeconds(60 * minutes);
        String text = IdDialect.DUCKDB.timestamp(micros).replace(' ', 'T') + (minutes == 0 ? "Z" : zone.getId());
        long expected =
                ChronoUnit.MICROS.between(OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC), parse(text));
        assertEquals(expected, timestamp(text));
        assertEquals(expected, timestamp(text.replaceAll(":(\\d\\d)$", "$1")), "without the colon of the zone");
    }

    private static OffsetDateTime parse(String text) {
        int zone = Math.max(text.indexOf('Z'), Math.max(text.indexOf('+'), text.lastIndexOf('-')));
        String id = text.substring(zone);
        return OffsetDateTime.of(LocalDateTime.parse(text.substring(0, zone)), ZoneOffset.of(id));
    }

    @Example
    void theFormsOfATimestampAreThese() {
        long day = 1_709_164_800_000_000L;
        assertEquals(day, timestamp("2024-02-29"));
        assertEquals(day, timestamp("2024-02-29Z"));
        assertEquals(day - 7_200_000_000L, timestamp("2024-02-29+02:00"));
        assertEquals(day + 3_660_000_000L, timestamp("2024-02-29 01:01"));
        assertEquals(day + 3_660_000_000L, timestamp("2024-02-29T01:01Z"));
        assertEquals(day + 3_661_000_000L, timestamp("2024-02-29T01:01:01"));
        assertEquals(day + 3_661_500_000L, timestamp("2024-02-29T01:01:01.5"));
        assertEquals(day + 3_661_123_456L, timestamp("2024-02-29T01:01:01.123456999999"));
        assertEquals(day + 3_661_123_456L + 5_400_000_000L, timestamp("2024-02-29 01:01:01.123456-0130"));
        assertEquals(day + 3_660_000_000L, timestamp("2024-02-29 03:01+02"));
        assertEquals(-1, timestamp("1969-12-31 23:59:59.9999999"));
        assertEquals(TimestampText.OUT_OF_CALENDAR, timestamp("0000-02-29 10:00"));
    }

    @Example
    void everythingElseIsNoTimestamp() {
        for (String text : new String[] {
            "",
            "2024",
            "2024-1-01",
            "2024-01-01 ",
            " 2024-01-01",
            "2024-13-01",
            "2024-00-01",
            "2024-01-00",
            "2024-01-32",
            "2023-02-29",
            "1900-02-29",
            "2024-01-01 1:00",
            "2024-01-01 24:00",
            "2024-01-01 23:60",
            "2024-01-01 23:59:60",
            "2024-01-01 10",
            "2024-01-01T",
            "2024-01-01 10:00:",
            "2024-01-01 10:00:00.",
            "2024-01-01 10:00:00,5",
            "2024-01-01t10:00",
            "2024-01-01 10:00z",
            "2024-01-01 10:00 Z",
            "2024-01-01 10:00+2",
            "2024-01-01 10:00+02:0",
            "2024-01-01 10:00+24:00",
            "2024-01-01 10:00+02:60",
            "2024-01-01 10:00+02-00",
            "12024-01-01",
            "2024/01/01",
            "01-01-2024",
            "2024-01-01 10:00:00.1a",
            "２024-01-01",
            "2024-01-01 10:00:00 UTC",
            "infinity",
            "1704067200"
        }) {
            assertEquals(TimestampText.UNREADABLE, timestamp(text), text);
        }
    }

    @Property(tries = 2000)
    void aWrittenNumberReadsBack(@ForAll double number) {
        assertNumber(number, DoubleText.of(number));
        assertNumber(number, Double.isNaN(number) || Double.isInfinite(number) ? DoubleText.of(number) : number + "");
    }

    @Property(tries = 1500)
    void decimalTextRoundsAsTheJdkRounds(
            @ForAll @LongRange(min = -999_999_999_999_999_999L, max = 999_999_999_999_999_999L) long digits,
            @ForAll @IntRange(min = -40, max = 40) int power) {
        String text = digits + "e" + power;
        assertNumber(Double.parseDouble(text), text);
        String point = digits / 1000 + "." + String.format("%03d", Math.abs(digits % 1000));
        assertNumber(Double.parseDouble(point), point);
    }

    @Example
    void theOtherFormsOfANumberAreThese() {
        assertNumber(Double.POSITIVE_INFINITY, "+Infinity");
        assertNumber(Double.NEGATIVE_INFINITY, "-INF");
        assertNumber(Double.NaN, "NaN");
        assertNumber(0.5, ".5");
        assertNumber(5, "+5.");
        assertNumber(-0.0, "-0");
        assertNumber(0, "0e999999999999");
        assertNumber(0.001, "00000000000000000000000000.001");
        for (String text : new String[] {
            "", "+", "-", ".", "e5", "1e", "1e+", "1e5.0", "1.2.3", " 1", "1 ", "1,5", "1d", "1f", "0x1p3", "-nan",
            "infin", "--1", "1_000", "١"
        }) {
            assertEquals(NumberText.Result.UNREADABLE, number(new NumberText(), text), text);
        }
        assertEquals(NumberText.Result.TOO_LARGE, number(new NumberText(), "1e309"));
        assertEquals(NumberText.Result.TOO_LARGE, number(new NumberText(), "-1e99999999999"));
    }

    @Example
    void booleansAreTheseWordsInAnyCase() {
        for (String text : new String[] {"true", "TRUE", "tRuE", "t", "T", "yes", "Yes", "y", "Y", "1"}) {
            assertEquals(BooleanText.TRUE, bool(text), text);
        }
        for (String text : new String[] {"false", "FALSE", "f", "F", "no", "No", "n", "N", "0"}) {
            assertEquals(BooleanText.FALSE, bool(text), text);
        }
        for (String text : new String[] {"", " true", "true ", "2", "10", "ja", "on", "off", "null", "truE1", "ｙ"}) {
            assertEquals(BooleanText.UNREADABLE, bool(text), text);
        }
    }

    @Property(tries = 2000)
    void utf8IsWhatTheStrictDecoderTakes(@ForAll("nearlyUtf8") byte[] bytes) {
        assertEquals(decodes(bytes), Utf8.isValid(bytes, 0, bytes.length));
        boolean ascii = true;
        for (byte b : bytes) {
            ascii &= b >= 0;
        }
        assertEquals(ascii, Utf8.isAscii(bytes, 0, bytes.length));
    }

    @Example
    void everyLeadAndSecondByteIsJudgedAsTheStrictDecoderDoes() {
        for (int lead = 0; lead < 256; lead++) {
            for (int second = 0; second < 256; second++) {
                for (int length = 1; length <= 4; length++) {
                    byte[] bytes = {(byte) lead, (byte) second, (byte) 0x80, (byte) 0xBF};
                    byte[] part = Arrays.copyOf(bytes, length);
                    assertEquals(decodes(part), Utf8.isValid(part, 0, length), lead + " " + second + " " + length);
                }
            }
        }
    }

    /** Whole characters of every length with a byte changed, lost or added now and then. */
    @Provide
    Arbitrary<byte[]> nearlyUtf8() {
        Arbitrary<byte[]> text = Arbitraries.strings().all().ofMaxLength(20).map(s -> s.getBytes(UTF_8));
        Arbitrary<Integer> at = Arbitraries.integers().between(0, 60);
        Arbitrary<Byte> value = Arbitraries.bytes();
        Arbitrary<byte[]> changed = Combinators.combine(text, at, value).as((bytes, i, b) -> {
            byte[] copy = bytes.clone();
            if (i < copy.length) {
                copy[i] = b;
            }
            return copy;
        });
        Arbitrary<byte[]> cut =
                Combinators.combine(text, at).as((bytes, i) -> Arrays.copyOf(bytes, Math.min(i, bytes.length)));
        return Arbitraries.oneOf(text, changed, cut);
    }

    private static boolean decodes(byte[] bytes) {
        try {
            UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Reads the text out of the middle of an array: what lies around it must not matter. */
    private static long timestamp(String text) {
        byte[] bytes = ("9" + text + "9").getBytes(UTF_8);
        return TimestampText.parse(bytes, 1, bytes.length - 1);
    }

    private static NumberText.Result number(NumberText number, String text) {
        byte[] bytes = ("9" + text + "9").getBytes(UTF_8);
        return number.parse(bytes, 1, bytes.length - 1);
    }

    private static void assertNumber(double expected, String text) {
        NumberText number = new NumberText();
        assertEquals(NumberText.Result.NUMBER, number(number, text), text);
        assertEquals(Double.doubleToLongBits(expected), Double.doubleToLongBits(number.value()), text);
    }

    private static int bool(String text) {
        byte[] bytes = ("9" + text + "9").getBytes(UTF_8);
        return BooleanText.parse(bytes, 1, bytes.length - 1);
    }
}
