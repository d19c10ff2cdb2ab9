package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.ProgressListener;
import io.nexusid.arrow.store.EpochWriter;
import io.nexusid.arrow.store.LocalDisk;
import io.nexusid.arrow.store.Snapshot;
import io.nexusid.arrow.store.StoreFiles;
import io.nexusid.arrow.store.StoreOptions;
import io.nexusid.graph.IdentitySnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An epoch of more than a million identifiers is written in several frames, which together are the epoch. */
class IdentityFramesTest {
    private static final int PEOPLE = 40;

    @TempDir
    Path folder;

    private static Map<String, Object> row(int edge, String value, long ingested) {
        return Map.of(
                "event_id",
                "e" + edge,
                "edge_id",
                "g" + edge,
                "entity_type",
                "person",
                "identifier_type",
                "email",
                "identifier_value",
                value,
                "source",
                "s",
                "occurred_at",
                1L,
                "_ingested_at",
                ingested);
    }

    /** Everybody has three addresses, which come in any order. */
    private static List<Map<String, Object>> firstRows() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int person = 0; person < PEOPLE; person++) {
            for (int address = 0; address < 3; address++) {
                rows.add(row(person, person + "-" + address, 5));
            }
        }
        Collections.shuffle(rows, new Random(3));
        return rows;
    }

    /** Each two of them turn out to be one. */
    private static List<Map<String, Object>> secondRows() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int person = 0; person < PEOPLE; person++) {
            rows.add(row(PEOPLE + person / 2, person + "-0", 6));
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64, IdentityFrames.SLICE})
    void framesOfAnyLengthAreReadBackAsTheEpochsTheyAre(int length) throws IOException {
        StoreOptions options = new StoreOptions(2, () -> 4);
        try (BufferAllocator allocator = new RootAllocator();
                StoreFiles files = StoreFiles.openForWriting(LocalDisk.create(folder.resolve("store")), options)) {
            IdentitySnapshot written = append(files, firstRows(), length, allocator);
            assertEquals(PEOPLE, distinctEntities(written));
            written = append(files, secondRows(), length, allocator);
            assertEquals(PEOPLE / 2, distinctEntities(written));
            try (Snapshot snapshot = files.openLatest()) {
                IdentitySnapshot read =
                        StoredIdentity.open(NexusConfig.defaults(), snapshot).snapshot();
                assertEquals(written.nodes(), read.nodes());
                for (int node = 0; node < read.nodes(); node++) {
                    assertEquals(new String(written.value(node), UTF_8), new String(read.value(node), UTF_8));
                    assertEquals(written.entityOf(node), read.entityOf(node));
                    assertEquals(written.high(written.entityOf(node)), read.high(read.entityOf(node)));
                }
            }
        }
        assertTrue(NexusStore.verify(folder.resolve("store")).clean());
    }

    /** What {@link NexusStore#append} does, but for the rows. */
    private static IdentitySnapshot append(
            StoreFiles files, List<Map<String, Object>> rows, int length, BufferAllocator allocator)
            throws IOException {
        NexusConfig config = NexusConfig.defaults();
        InputTable table = InputTable.ENTITY_IDENTIFIERS;
        try (Snapshot before = files.openLatest();
                VectorSchemaRoot batch = TestTables.batch(table, rows, 0, rows.size(), allocator);
                EventLog log =
                        EventLog.builder(config, allocator).add(table, batch).build();
                EpochWriter epoch = files.begin()) {
            StoredAcceptance acceptance = StoredAcceptance.open(before);
            StoredIdentity identity = StoredIdentity.open(config, before);
            Intake intake = Intake.of(log, acceptance, ProgressListener.NONE);
            StoredIdentity.Step step = identity.prepare(log, intake, epoch.epoch(), allocator, acceptance.hash());
            step.write(epoch, length);
            epoch.commit();
            step.publish();
            return identity.snapshot();
        }
    }

    private static long distinctEntities(IdentitySnapshot snapshot) {
        return IntStream.range(0, snapshot.nodes())
                .map(snapshot::entityOf)
                .distinct()
                .count();
    }
}
