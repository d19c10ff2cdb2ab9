package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.IdForm;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusConfigException;
import io.nexusid.api.ResolveOn;
import io.nexusid.api.Survivor;
import io.nexusid.arrow.store.LocalDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store as it was at an epoch before the last. */
class OldEpochsTest {
    private static final NexusConfig CONFIG = NexusConfig.builder()
            .clock(Instant.parse("2026-01-31T12:00:00Z"))
            .threads(1)
            .keepEpochs(4)
            .build();
    private static final NexusConfig OTHER_RULES = CONFIG.toBuilder()
            .resolveOn(ResolveOn.NORMALIZED)
            .survivor(Survivor.OLDEST)
            .build();

    @TempDir
    private Path dir;

    /** As a reader shows it whose clock stands still. */
    private static String contents(NexusStore store) throws IOException {
        return StoreEpochs.contents(store);
    }

    private NexusStore read(NexusConfig config, long epoch) throws IOException {
        return NexusStore.openToRead(dir, ReadOptions.defaults().epoch(epoch).config(config));
    }

    @Test
    void whatIsKeptSaysWhatItSaidThen() throws IOException {
        List<String> said = new ArrayList<>();
        try (NexusStore store = NexusStore.open(dir, CONFIG)) {
            said.add(contents(store));
            for (long epoch = 1; epoch <= 8; epoch++) {
                if (epoch == 7) {
                    store.compact();
                } else {
                    StoreEpochs.append(store, epoch);
                }
                said.add(contents(store));
                for (long old = Math.max(0, epoch - 3); old <= epoch; old++) {
                    try (NexusStore then = read(CONFIG, old)) {
                        assertEquals(old, then.epoch());
                        assertEquals(said.get((int) old), contents(then));
                    }
                }
            }
        }
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> NexusStore.openToRead(dir, 4));
        assertEquals("epoch 4 is not kept: the store has epochs 5 to 8", refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> NexusStore.openToRead(dir, 9));
        assertThrows(IllegalArgumentException.class, () -> NexusStore.openToRead(dir, -1));
    }

    @Test
    void beforeARebuildTheRulesAreThoseOfThen() throws IOException {
        String before;
        try (NexusStore store = NexusStore.open(dir, CONFIG)) {
            for (long epoch = 1; epoch <= 6; epoch++) {
                StoreEpochs.append(store, epoch);
            }
            before = contents(store);
        }
        String after;
        try (NexusStore store = NexusStore.openRebuilding(dir, OTHER_RULES)) {
            assertTrue(store.rebuilt().isPresent());
            after = contents(store);
            StoreEpochs.append(store, 8);
        }
        try (NexusStore then = NexusStore.openToRead(dir, 6)) {
            assertEquals(ResolveOn.RAW, then.config().resolveOn());
            assertEquals(Survivor.MOST_ROWS, then.config().survivor());
        }
        try (NexusStore then = read(CONFIG, 6)) {
            assertEquals(before, contents(then));
        }
        try (NexusStore then = read(OTHER_RULES, 7)) {
            assertEquals(after, contents(then));
        }
        assertThrows(NexusConfigException.class, () -> read(OTHER_RULES, 6));
        assertThrows(NexusConfigException.class, () -> read(CONFIG, 7));
    }

    @Test
    void formsOfIdsGoWithEpochsAndSettings() throws IOException {
        NexusConfig binary = CONFIG.toBuilder().ids(IdForm.BINARY).build();
        try (NexusStore store = NexusStore.open(dir, binary)) {
            StoreEpochs.append(store, 1);
            StoreEpochs.append(store, 2);
        }
        ReadOptions first = ReadOptions.defaults().epoch(1).ids(IdForm.HEX);
        for (ReadOptions options : List.of(first, first.config(binary))) {
            try (NexusStore then = NexusStore.openToRead(dir, options)) {
                assertEquals(IdForm.HEX, then.config().ids());
                assertEquals(4, then.config().keepEpochs());
            }
        }
        try (NexusStore then = NexusStore.openToRead(dir, 1)) {
            assertEquals(IdForm.BINARY, then.config().ids());
        }
    }

    @Test
    void anEpochThatIsDroppedWhileItIsOpenedIsToldOrWhole() throws Exception {
        NexusConfig two = CONFIG.toBuilder().keepEpochs(2).build();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (NexusStore store = StoreOpening.toAppend().config(two).open(LocalDisk.create(dir))) {
            StoreEpochs.append(store, 1);
            Future<Integer> reader = threads.submit(() -> {
                int opened = 0;
                for (long last = 1; last < 40; ) {
                    try (NexusStore latest = NexusStore.openToRead(dir)) {
                        last = latest.epoch();
                    }
                    try (NexusStore then = NexusStore.openToRead(dir, last - 1)) {
                        assertEquals(last - 1, then.epoch());
                        then.tables().close();
                        assertTrue(then.entityOf("person", "email", "e" + last).isEmpty());
                        opened++;
                    } catch (IllegalArgumentException e) {
                        assertTrue(e.getMessage().contains("is not kept: the store has epochs"), e.getMessage());
                    }
                }
                return opened;
            });
            for (long epoch = 2; epoch <= 40; epoch++) {
                StoreEpochs.append(store, epoch);
            }
            assertTrue(reader.get(60, TimeUnit.SECONDS) > 0);
        } finally {
            threads.shutdownNow();
        }
    }
}
