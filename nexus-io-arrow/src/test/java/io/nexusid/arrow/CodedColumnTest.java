package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.FaultCode;
import io.nexusid.api.FaultPolicy;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.arrow.format.TextDictionary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodedColumnTest {
    private static final byte[] BYTES = {'a', (byte) 0xC3, 'b'};
    private static final TextDictionary HALF_BAD = new TextDictionary(BYTES, new int[] {0, 1, 2}, new int[] {1, 1, 1});

    @TempDir
    Path dir;

    @Property(tries = 100)
    void codesAreThoseOfFirstAppearanceInEitherForm(@ForAll long seed, @ForAll @IntRange(max = 6) int blocks) {
        Random random = new Random(seed);
        CodedColumn column = new CodedColumn();
        Map<String, Integer> known = new HashMap<>();
        List<Integer> expected = new ArrayList<>();
        TextDictionary dictionary = dictionary(random);
        for (int b = 0; b < blocks; b++) {
            dictionary = random.nextBoolean() ? dictionary(random) : dictionary;
            int[] entries =
                    random.ints(random.nextInt(20), -1, dictionary.size()).toArray();
            TextBlock block = TextBlock.coded(dictionary, entries);
            for (int i = 0; i < entries.length; i++) {
                expected.add(
                        block.isNull(i) ? CodedColumn.NULL : known.computeIfAbsent(block.text(i), t -> known.size()));
            }
            column.append(random.nextBoolean() ? block : block.flatten());
        }
        List<Integer> found = new ArrayList<>();
        for (int row = 0; row < column.rows(); row++) {
            found.add(column.code(row));
        }
        assertEquals(expected, found);
        assertEquals(known.size(), column.distinct());
    }

    /** Some texts, one of them perhaps twice, as writers do not but might. */
    private static TextDictionary dictionary(Random random) {
        int size = random.nextInt(5);
        StringBuilder all = new StringBuilder();
        int[] starts = new int[size];
        int[] lengths = new int[size];
        for (int i = 0; i < size; i++) {
            starts[i] = all.length();
            all.append("t".repeat(random.nextInt(4)));
            lengths[i] = all.length() - starts[i];
        }
        return new TextDictionary(all.toString().getBytes(UTF_8), starts, lengths);
    }

    @Example
    void anEntryThatIsNotUtf8IsAFaultOfItsRowsOnly() {
        CheckedDictionary checked = new CheckedDictionary();
        BatchFaults faults = new BatchFaults();
        faults.start(4);
        Utf8.check(TextBlock.coded(HALF_BAD, new int[] {0, 2, -1, 0}), checked, faults);
        assertTrue(faults.isEmpty(), "no row refers to the bad entry");
        Utf8.check(TextBlock.coded(HALF_BAD, new int[] {0, 1, -1, 1}), checked, faults);
        assertNull(faults.of(0));
        assertEquals(FaultCode.INVALID_UTF8, faults.of(1).code());
        assertNull(faults.of(2));
        assertEquals(FaultCode.INVALID_UTF8, faults.of(3).code());
        TextDictionary other = TextDictionary.of(new byte[] {(byte) 0xFF});
        Utf8.check(TextBlock.coded(other, new int[] {0}), checked, faults);
        assertEquals(FaultCode.INVALID_UTF8, faults.of(0).code());
    }

    @Test
    void rowsAreSetAsideAlikeFromEveryFormat() throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        List<Object> kept = new ArrayList<>();
        Random random = new Random(3);
        for (int i = 0; i < 500; i++) {
            String name = Arrays.asList(null, "", "plan", "city", "size").get(random.nextInt(5));
            String type = random.nextInt(9) == 0 ? null : "email";
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("entity_type", "person");
            row.put("identifier_type", type);
            row.put("identifier_value", "v" + i % 7);
            row.put("trait_name", name);
            row.put("trait_value", i % 3 == 0 ? null : "w" + i % 5);
            rows.add(row);
            if (type != null && name != null && !name.isEmpty()) {
                kept.add(name + " " + row.get("trait_value"));
            }
        }
        NexusConfig config = NexusConfig.builder()
                .fault(FaultCode.BLANK_NAME, FaultPolicy.SET_ASIDE)
                .build();
        for (String extension : LogFiles.EXTENSIONS) {
            Path in = dir.resolve(extension);
            LogFiles.write(in, Map.of(InputTable.ENTITY_TRAITS, rows), extension);
            try (BufferAllocator allocator = new RootAllocator();
                    EventLog log = EventLog.open(in, config, allocator)) {
                List<Object> found = new ArrayList<>();
                Scans.rows(log, InputTable.ENTITY_TRAITS, "trait_name", "trait_value", "entity_type")
                        .forEach(row -> found.add(row.get(0) + " " + row.get(1)));
                assertEquals(kept, found, extension);
                assertEquals(500 - kept.size(), log.rejects().size(), extension);
            }
        }
    }
}
