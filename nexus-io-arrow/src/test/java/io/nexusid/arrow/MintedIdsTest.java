package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nexusid.api.IdDialect;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MintedIdsTest {
    private static final String NULL = "_dbt_utils_surrogate_key_null_";

    @TempDir
    Path dir;

    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void nothingLeaks() {
        allocator.close();
    }

    @Test
    void identifiersAreKeyedByRoleOnlyWhereTheFileHasIt() throws Exception {
        write(
                "a_entity_identifiers.csv",
                "event_id,entity_type,identifier_type,identifier_value,occurred_at",
                "e1,person,email,naïve@x,2024-01-02 03:04:05.120000",
                ",group,domain,x,");
        write(
                "b_entity_identifiers.csv",
                "event_id,entity_type,identifier_type,identifier_value,occurred_at,role",
                "e1,person,email,a@x,2024-01-02,",
                "e1,person,email,a@x,2024-01-02,buyer");
        write("person_identifiers.csv", "identifier_type,identifier_value", "email,a@x");
        assertIds(
                InputTable.ENTITY_IDENTIFIERS,
                "entity_identifier_id",
                "ent_idfr_" + md5("e1-naïve@x-2024-01-02 03:04:05.12-person-email"),
                "ent_idfr_" + md5(NULL + "-x-" + NULL + "-group-domain"),
                "ent_idfr_" + md5("e1-a@x-" + NULL + "-2024-01-02 00:00:00-person-email"),
                "ent_idfr_" + md5("e1-a@x-buyer-2024-01-02 00:00:00-person-email"),
                "ent_idfr_" + md5(NULL + "-a@x-" + NULL + "-person-email"));
    }

    @Test
    void givenIdsStayAndOnlyNullOnesAreMinted() throws Exception {
        write(
                "entity_traits.csv",
                "entity_trait_id,event_id,entity_type,identifier_type,identifier_value,trait_name,trait_value",
                "t1,e1,person,email,a,name,Ann",
                ",e1,person,email,a,name,Ann",
                "\"\",e1,person,email,a,name,Ann");
        assertIds(InputTable.ENTITY_TRAITS, "entity_trait_id", "t1", "ent_tr_" + md5("e1-a-person-name-email"), "");
    }

    @Test
    void everyOtherTableHasItsOwnKey() throws Exception {
        write(
                "relationship_declarations.csv",
                "event_id,entity_a_identifier,entity_a_identifier_type,entity_a_type,entity_b_identifier,"
                        + "entity_b_identifier_type,entity_b_type,relationship_type,entity_a_role,occurred_at",
                "e1,a,email,person,b,domain,group,membership,admin,2024-01-02");
        write("event_measurements.csv", "event_id,measurement_name,value", "e1,Amount,1");
        write("event_dimensions.csv", "event_id,dimension_name,dimension_value", "e1,plan,", "e1,plan,gold");
        write("computed_traits.csv", "entity_id,entity_type,trait_name,trait_value", "per_1,person,score,9");
        assertIds(
                InputTable.RELATIONSHIP_DECLARATIONS,
                "relationship_declaration_id",
                "rel_decl_" + md5("e1-a-b-membership-admin-2024-01-02 00:00:00"));
        assertIds(InputTable.EVENT_MEASUREMENTS, "event_measurement_id", "evt_msr_" + md5("e1-Amount"));
        assertIds(
                InputTable.EVENT_DIMENSIONS,
                "event_dimension_id",
                "evt_dim_" + md5("e1-plan-" + NULL),
                "evt_dim_" + md5("e1-plan-gold"));
        assertIds(InputTable.COMPUTED_TRAITS, "computed_trait_id", "ct_" + md5("per_1-score"));
    }

    @Test
    void theDialectDecidesHowInstantsAreKeyed() throws Exception {
        write(
                "entity_identifiers.csv",
                "event_id,entity_type,identifier_type,identifier_value,occurred_at",
                "e1,person,email,a,2024-01-02 03:04:05.12");
        NexusConfig config = NexusConfig.builder().idDialect(IdDialect.BIGQUERY).build();
        try (EventLog log = EventLog.open(dir, config, allocator)) {
            assertEquals(
                    List.of("ent_idfr_" + md5("e1-a-2024-01-02 03:04:05.120+00-person-email")),
                    Scans.cells(log, InputTable.ENTITY_IDENTIFIERS, "entity_identifier_id"));
        }
    }

    @Test
    void rowsThatAreSetAsideDoNotShiftIds() throws Exception {
        write(
                "entity_identifiers.csv",
                "entity_type,identifier_type,identifier_value",
                "person,email,",
                "person,email,b");
        assertIds(
                InputTable.ENTITY_IDENTIFIERS,
                "entity_identifier_id",
                "ent_idfr_" + md5(NULL + "-b-" + NULL + "-person-email"));
    }

    private void assertIds(InputTable table, String column, String... ids) throws IOException {
        try (EventLog log = EventLog.open(dir, NexusConfig.defaults(), allocator)) {
            assertEquals(List.of(ids), Scans.cells(log, table, column));
            assertEquals(List.of(ids), Scans.cells(log, table, column), "in a second scan");
        }
    }

    private static String md5(String text) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(UTF_8)));
    }

    private void write(String name, String... lines) throws IOException {
        Files.write(dir.resolve(name), List.of(lines));
    }
}
