package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nexusid.api.InputColumn;
import io.nexusid.api.InputTable;
import io.nexusid.api.LegacyTable;
import io.nexusid.api.NexusDataException;
import io.nexusid.api.Presence;
import io.nexusid.arrow.format.RowReader;
import io.nexusid.arrow.format.RowSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.Test;

class InputBindingTest {
    private static final ArrowType TEXT = ArrowType.Utf8.INSTANCE;

    @Test
    void everyRequiredColumnMustBeInEveryFile() {
        for (InputTable table : InputTable.values()) {
            List<String> required = table.columns().stream()
                    .filter(c -> c.presence() != Presence.OPTIONAL)
                    .map(InputColumn::name)
                    .toList();
            for (String missing : required) {
                List<String> others = new ArrayList<>(required);
                others.remove(missing);
                others.add("state_value");
                assertEquals(
                        table.tableName() + " (f.csv), column " + missing
                                + ": this column is required [missing_column]",
                        refusal(table, null, csv(others)));
            }
        }
    }

    @Test
    void aStateChangeNeedsAValueOrANumber() {
        assertEquals(
                "state_changes (f.csv), column state_value: this column or state_numeric_value is required"
                        + " [missing_column]",
                refusal(
                        InputTable.STATE_CHANGES,
                        null,
                        csv(List.of(
                                "entity_type", "identifier_type", "identifier_value", "state_name", "occurred_at"))));
    }

    @Test
    void repeatedNamesAndNamesThatDifferInCaseAreRefused() {
        assertEquals(
                "events (f.csv), column event_id: two columns have this name [duplicate_column]",
                refusal(InputTable.EVENTS, null, csv(List.of("event_id", "occurred_at", "event_id"))));
        assertEquals(
                "events (f.csv), column Event_ID: there is a column event_id too, which differs only in case"
                        + " [duplicate_column]",
                refusal(InputTable.EVENTS, null, csv(List.of("event_id", "occurred_at", "Event_ID"))));
        assertEquals(
                "events (f.csv), column Occurred_At: differs only in case from occurred_at: names are matched exactly,"
                        + " so rename it [duplicate_column]",
                refusal(InputTable.EVENTS, null, csv(List.of("event_id", "Occurred_At"))));
    }

    @Test
    void anOldAndANewNameTogetherAreRefused() {
        assertEquals(
                "events (f.csv), column id: stands for event_id, and so does the column event_id [duplicate_column]",
                refusal(InputTable.EVENTS, null, csv(List.of("event_id", "id", "occurred_at"))));
        assertEquals(
                "relationship_declarations (f.csv), column membership_id: stands for relationship_declaration_id, and so"
                        + " does the column membership_identifier_id [duplicate_column]",
                refusal(
                        InputTable.RELATIONSHIP_DECLARATIONS,
                        LegacyTable.named("membership_identifiers").orElseThrow(),
                        csv(List.of("membership_identifier_id", "membership_id"))));
    }

    @Test
    void aTypeThatCannotBeWidenedIsRefused() {
        Field eventId = Field.nullable("event_id", TEXT);
        assertEquals(
                "events (f.csv), column occurred_at: Utf8 cannot be read as timestamp [wrong_type]",
                refusal(
                        InputTable.EVENTS,
                        null,
                        new Header(false, List.of(eventId, Field.nullable("occurred_at", TEXT)))));
        assertEquals(
                "events (f.csv), column event_id: Binary cannot be read as string [wrong_type]",
                refusal(
                        InputTable.EVENTS,
                        null,
                        new Header(false, List.of(Field.nullable("event_id", ArrowType.Binary.INSTANCE)))));
    }

    private static String refusal(InputTable table, LegacyTable legacy, RowSource source) {
        return assertThrows(NexusDataException.class, () -> InputBinding.of(table, legacy, source))
                .getMessage();
    }

    private static RowSource csv(List<String> names) {
        return new Header(true, names.stream().map(n -> Field.nullable(n, TEXT)).toList());
    }

    private record Header(boolean textual, List<Field> columns) implements RowSource {
        @Override
        public String name() {
            return "f.csv";
        }

        @Override
        public long rowCount() {
            return 0;
        }

        @Override
        public RowReader read(BufferAllocator allocator, List<String> names) {
            throw new AssertionError("a header alone is enough");
        }

        @Override
        public void close() {}
    }
}
