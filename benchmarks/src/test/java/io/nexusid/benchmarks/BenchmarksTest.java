package io.nexusid.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nexusid.api.NexusConfig;
import io.nexusid.arrow.EventLog;
import io.nexusid.arrow.Nexus;
import io.nexusid.arrow.ResolvedTables;
import io.nexusid.arrow.TableFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every benchmark's contenders agree, on small data; nothing is timed here. */
final class BenchmarksTest {
    private static final Path RIVALS = Path.of("rivals");

    @ParameterizedTest
    @ValueSource(strings = {"workload", "skewed", "chain", "chain-in-order", "random", "joined"})
    void contendersAgreeOnComponents(String shape) {
        ComponentsBenchmark benchmark = new ComponentsBenchmark();
        benchmark.shape = shape;
        benchmark.size = 2_000;
        benchmark.prepare();
    }

    @Test
    void contendersAgreeOnTheNumberingOfKeys() {
        DictionaryBenchmark benchmark = new DictionaryBenchmark();
        benchmark.distinct = 50_000;
        benchmark.prepare();
    }

    @Test
    void aBatchOnALivingGraphAndResolvingEverythingAgain() {
        LivingGraphBenchmark benchmark = new LivingGraphBenchmark();
        benchmark.identifiers = 10_000;
        benchmark.batchRows = 1_000;
        benchmark.prepare();
    }

    @Test
    void contendersAgreeOnTraitsParticipantsAndTimelines() throws SQLException {
        TraitFoldBenchmark traits = new TraitFoldBenchmark();
        traits.rows = 20_000;
        traits.prepare();
        traits.close();
        ParticipantsBenchmark participants = new ParticipantsBenchmark();
        participants.rows = 20_000;
        participants.prepare();
        participants.close();
        TimelinesBenchmark timelines = new TimelinesBenchmark();
        timelines.rows = 20_000;
        timelines.prepare();
        timelines.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sorted", "shuffled"})
    void contendersAgreeOnTheStateAnEventSees(String order) throws SQLException {
        AsOfJoinBenchmark states = new AsOfJoinBenchmark();
        states.rows = 20_000;
        states.order = order;
        states.prepare();
        states.close();
    }

    @Test
    void theRivalOfRecordGivesTheTablesOfTheRunRowByRow(@TempDir Path folder) throws IOException, SQLException {
        Path in = folder.resolve("in");
        GenerateWorkload.write(3_000, in);
        Path ours = folder.resolve("ours");
        try (Nexus nexus = Nexus.open(NexusConfig.defaults());
                EventLog log = nexus.read(in);
                ResolvedTables tables = nexus.resolve(log)) {
            tables.write(ours, TableFormat.PARQUET);
        }
        Path theirs = folder.resolve("theirs");
        RunDuckDb.run(RIVALS.resolve("duckdb-best.sql"), in, theirs, Map.of(), false);
        assertEquals(List.of(), CompareTables.differences(ours, theirs, CompareTables.WHOLE_RUN));

        Path capped = folder.resolve("capped");
        RunDuckDb.run(RIVALS.resolve("reference-capped.sql"), in, capped, Map.of("cap", "2"), false);
        List<String> differences = CompareTables.differences(ours, capped, CompareTables.WHOLE_RUN);
        assertEquals(CompareTables.WHOLE_RUN.size(), differences.size(), differences.toString());
    }

    @Test
    void contendersAgreeOnWhoIsWho(@TempDir Path folder) throws IOException, SQLException {
        Path in = folder.resolve("in");
        GenerateWorkload.write(2_000, in);
        Path ours = Files.createDirectory(folder.resolve("ours"));
        try (IdentifierStage.Answer answer = IdentifierStage.nexus(in, 2).run()) {
            answer.write(ours);
        }
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        Path script = RIVALS.resolve("duckdb-identifiers.sql");
        try (IdentifierStage.Answer answer =
                IdentifierStage.duckDb(script, in, folder).run()) {
            answer.write(theirs);
        }
        assertEquals(List.of(), CompareTables.differences(ours, theirs, List.of(IdentifierStage.TABLE)));
    }

    @Test
    void differentLabelsAreNoticed() {
        assertThrows(IllegalStateException.class, () -> Agreement.check("one", new int[] {0, 1}, new int[] {0, 0}));
        assertThrows(IllegalStateException.class, () -> Agreement.check("one", new int[] {0, 1}, new int[] {0}));
    }
}
