package io.nexusid.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The worked examples of the reference, all equal to its output on DuckDB. */
class SurrogateKeyTest {
    private static final String LEWIS = "lewis.smith@hollywoodfarms.com";
    private static final String PERSON = "per_af43a612f874b7e1c8d28599d89e2d94";

    private static String timestamp(String instant) {
        return IdDialect.DUCKDB.timestamp(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(instant)));
    }

    @Test
    void idsEqualTheReferences() {
        String event = SurrogateKey.id("event", "msg-001", timestamp("2024-01-15T14:30:00Z"));
        assertEquals("evt_689e82d8b24d73c5670ada946dcf9c6e", event);
        assertEquals(PERSON, SurrogateKey.id("person", "email", LEWIS));
        assertEquals(
                "per_idfr_403a55e84c91ec173c5da997e249da9e",
                SurrogateKey.id("person_identifier", PERSON, "email", LEWIS));
        assertEquals(
                "ent_d26cf892b884b03d731c8d59408a3013", SurrogateKey.id("entity_participant", event, PERSON, null));
        assertEquals(
                "st_1927ca5118fbc037092045d9dbcac063",
                SurrogateKey.id("state", PERSON, "billing_lifecycle", timestamp("2024-03-01T08:00:00.250Z"), null));
        assertEquals(
                "es_2e96d8f8f317b24672c73d5090a93c1b",
                SurrogateKey.id("entity_state", PERSON, timestamp("2024-03-01T00:00:00Z")));
        assertEquals("ent_e24aa110333602f4e1a65dcaf1a47fd5", SurrogateKey.id("entity", "sub_1", "stripe"));
        assertEquals("grp_53ca25232f983645d22d9c9a461e014d", SurrogateKey.id("group", "domain", "hollywoodfarms.com"));
    }

    @Test
    void bareKeysEqualTheReferences() {
        assertEquals(
                "759ffbb690e411d63499f0188e24ffce",
                SurrogateKey.of("person", "email", "a@x.com", "person", "phone", "5551234567"));
        assertEquals(
                "cab4c9a809ecc378881387207fe77d0b",
                SurrogateKey.of("person", "phone", "5551234567", "person", "email", "a@x.com"));
        assertEquals("ef32ad3ba5b835b31d0f3020d10aa8d4", SurrogateKey.of("naïve", "ñ"));
    }

    @Test
    void theHyphenIsNotEscapedAndNullIsNotEmpty() {
        assertEquals(SurrogateKey.of("a", "b-c"), SurrogateKey.of("a-b", "c"));
        assertNotEquals(SurrogateKey.of("a", null), SurrogateKey.of("a", ""));
        assertEquals(SurrogateKey.of("a", null), SurrogateKey.of("a", SurrogateKey.NULL_TEXT));
    }

    @Property
    void anyWayOfAddingPartsGivesTheMd5OfTheirJoin(@ForAll @Size(max = 6) List<String> parts)
            throws NoSuchAlgorithmException {
        SurrogateKey key = new SurrogateKey();
        key.start().add("left over from the key before").finish();
        key.start();
        List<String> text = new ArrayList<>();
        for (String part : parts) {
            byte[] padded = ("«" + part + "»").getBytes(UTF_8);
            key.add(padded, 2, padded.length - 4);
            text.add(new String(padded, 2, padded.length - 4, UTF_8));
        }
        key.finish();
        byte[] md5 =
                MessageDigest.getInstance("MD5").digest(String.join("-", text).getBytes(UTF_8));
        byte[] hex = new byte[32];
        SurrogateKey.writeHex(key.high(), key.low(), hex, 0);
        assertEquals(String.format("%032x", new BigInteger(1, md5)), new String(hex, UTF_8));
    }

    @Test
    void anIdOrAnInstantAddedAsNumbersEqualsItsText() {
        SurrogateKey person = new SurrogateKey().start().add("email").add(LEWIS).finish();
        SurrogateKey key = new SurrogateKey()
                .start()
                .addId("per_".getBytes(UTF_8), person.high(), person.low())
                .addTimestamp(IdDialect.DUCKDB, 1_709_251_200_000_000L)
                .finish();
        byte[] hex = new byte[32];
        SurrogateKey.writeHex(key.high(), key.low(), hex, 0);
        assertEquals("2e96d8f8f317b24672c73d5090a93c1b", new String(hex, UTF_8));
    }

    @Test
    void unknownWordsHaveTheirFirstThreeCharactersAsPrefix() {
        assertEquals("tas", IdPrefix.of("task"));
        assertEquals("tas", IdPrefix.of("task_identifier"));
        assertEquals("ent", IdPrefix.of("entity_participant"));
        assertEquals("ab", IdPrefix.of("ab"));
        assertEquals("😀éx", IdPrefix.of("😀éxy"));
    }
}
