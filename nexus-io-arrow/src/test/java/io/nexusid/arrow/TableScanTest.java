package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.nexusid.api.FaultCode;
import io.nexusid.api.FaultPolicy;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.RunReport;
import io.nexusid.arrow.format.TextBlock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMilliVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Accepted rows against the obvious way to pick them, over tables with faults strewn in. */
class TableScanTest {
    private static final String[] COLUMNS = {
        "entity_id", "state_name", "state_numeric_value", "state_entered_at", "is_current", "trigger_event_id"
    };
    private static final byte[][] TEXTS = {
        {}, "a".getBytes(UTF_8), "ß𝄞".getBytes(UTF_8), {(byte) 0xC3}, {(byte) 0x9F}, "twelve letters".getBytes(UTF_8)
    };

    @Property(tries = 150)
    void whatIsSetAsideGoesAndEverythingElseStaysInOrder(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 9_000) int rows, @ForAll @IntRange(max = 3) int rarity)
            throws IOException {
        Random random = new Random(seed);
        int oneIn = new int[] {2, 20, 1_000, 1_000_000}[rarity];
        NexusConfig.Builder config = NexusConfig.builder();
        for (FaultCode code : FaultCode.values()) {
            if (code.rowLevel()) {
                config.fault(code, FaultPolicy.SET_ASIDE);
            }
        }
        List<List<Object>> expected = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot table = table(allocator, random, rows, oneIn, expected);
                EventLog log = EventLog.builder(config.build(), allocator)
                        .add(InputTable.STATES, table)
                        .build()) {
            assertEquals(expected, Scans.rows(log, InputTable.STATES, COLUMNS));
            assertEquals(
                    Map.of(InputTable.STATES, new RunReport.TableIn(rows, rows - expected.size())),
                    log.rejects().counts());
            assertEquals(
                    expected.stream().map(row -> row.get(2)).toList(),
                    Scans.cells(log, InputTable.STATES, "state_numeric_value"));
        }
    }

    @Example
    void halvesOfOneLetterInTwoCellsAreBothNotUtf8() {
        try (BufferAllocator allocator = new RootAllocator();
                VarCharVector cells = new VarCharVector("c", allocator)) {
            cells.setSafe(0, TEXTS[3]);
            cells.setSafe(1, TEXTS[4]);
            cells.setSafe(2, TEXTS[2]);
            cells.setValueCount(3);
            BatchFaults faults = new BatchFaults();
            faults.start(3);
            Utf8.check(new TextBlock().load(cells), new CheckedDictionary(), faults);
            assertEquals(FaultCode.INVALID_UTF8, faults.of(0).code());
            assertEquals(FaultCode.INVALID_UTF8, faults.of(1).code());
            assertNull(faults.of(2));
        }
    }

    private static VectorSchemaRoot table(
            BufferAllocator allocator, Random random, int rows, int oneIn, List<List<Object>> expected) {
        VarCharVector id = new VarCharVector("entity_id", allocator);
        VarCharVector type = new VarCharVector("entity_type", allocator);
        VarCharVector name = new VarCharVector("state_name", allocator);
        Float8Vector number = new Float8Vector("state_numeric_value", allocator);
        TimeStampMilliVector entered = new TimeStampMilliVector("state_entered_at", allocator);
        BitVector current = new BitVector("is_current", allocator);
        VarCharVector trigger = new VarCharVector("trigger_event_id", allocator);
        for (int row = 0; row < rows; row++) {
            boolean fault = false;
            byte[] idText = cell(random, oneIn);
            byte[] nameText = cell(random, oneIn);
            byte[] triggerText = cell(random, oneIn);
            fault |= idText == null || bad(idText);
            fault |= nameText == null || nameText.length == 0 || bad(nameText);
            fault |= triggerText != null && bad(triggerText);
            set(id, row, idText);
            set(type, row, TEXTS[1]);
            set(name, row, nameText);
            set(trigger, row, triggerText);
            long millis = random.nextInt(oneIn) == 0 ? Long.MAX_VALUE : row - 100L;
            entered.setSafe(row, millis);
            fault |= millis == Long.MAX_VALUE;
            boolean hasNumber = random.nextBoolean();
            if (hasNumber) {
                number.setSafe(row, row);
            }
            int bit = random.nextInt(3);
            if (bit < 2) {
                current.setSafe(row, bit);
            }
            if (!fault) {
                expected.add(Arrays.asList(
                        text(idText),
                        text(nameText),
                        hasNumber ? (Object) (double) row : null,
                        1_000 * millis,
                        bit < 2 ? (Object) (bit == 1) : null,
                        text(triggerText)));
            }
        }
        for (var vector : List.of(id, type, name, number, entered, current, trigger)) {
            vector.setValueCount(rows);
        }
        return Roots.of(id, type, name, number, entered, current, trigger);
    }

    private static byte[] cell(Random random, int oneIn) {
        if (random.nextInt(oneIn) != 0) {
            return ("value" + random.nextInt(1_000)).getBytes(UTF_8);
        }
        int kind = random.nextInt(TEXTS.length + 1);
        return kind == TEXTS.length ? null : TEXTS[kind];
    }

    /** The two halves of a letter are text only side by side, which is what the cells around a boundary may be. */
    private static boolean bad(byte[] cell) {
        return cell.length == 1 && cell[0] < 0;
    }

    private static void set(VarCharVector vector, int row, byte[] cell) {
        if (cell != null) {
            vector.setSafe(row, cell);
        }
    }

    private static Object text(byte[] cell) {
        return cell == null ? null : new String(cell, UTF_8);
    }
}
