package io.nexusid.arrow.store;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that fails at a chosen operation, and forgets on a loss of power all that {@link Disk} allows it to
 * forget: unsynced bytes are there, torn or gone, sector by sector; each name whose folder is not synced means any of the
 * files it meant since; a file whose sync failed never becomes durable.
 */
final class FaultyDisk implements Disk {
    enum Fault {
        /** The operation throws and does nothing. */
        REFUSED,
        /** The operation throws after it was done, or half done. */
        TORN,
        /** Every creation and write throws from here on, until {@link #heal}. */
        FULL,
        /** The operation and all later ones throw; a restart finds what was synced and some of the rest. */
        POWER_LOSS,
        /** The operation is half done, all later ones throw; a restart finds everything. */
        KILL
    }

    /** What an operation does. */
    enum Effect {
        /** Reads or lists. */
        NOTHING,
        /** Changes bytes, names, or what will last. */
        CHANGE,
        /** The same, and takes space. */
        GROWTH
    }

    private static final int SECTOR = 512;

    private static final class Inode {
        byte[] visible = {};
        byte[] durable = {};
        boolean lost;

        /** With the same content and the same fate; arrays are never written to. */
        Inode same() {
            Inode inode = new Inode();
            inode.visible = visible;
            inode.durable = durable;
            inode.lost = lost;
            return inode;
        }

        Inode copyOf(byte[] content) {
            Inode inode = new Inode();
            inode.visible = content;
            inode.durable = content;
            return inode;
        }

        byte[] afterPowerLoss(SplittableRandom random) {
            if (Arrays.equals(visible, durable) || random.nextInt(3) == 0) {
                return durable;
            }
            int shorter = Math.min(visible.length, durable.length);
            int longer = Math.max(visible.length, durable.length);
            byte[] torn = new byte[random.nextInt(shorter, longer + 1)];
            for (int at = 0; at < torn.length; at += SECTOR) {
                byte[] from = random.nextBoolean() ? visible : durable;
                int length = Math.max(0, Math.min(Math.min(SECTOR, torn.length - at), from.length - at));
                if (length > 0) {
                    System.arraycopy(from, at, torn, at, length);
                }
            }
            return torn;
        }
    }

    private final Map<String, Inode> names = new TreeMap<>();
    /** What each name meant since the last sync of the folder, the synced meaning first; null: nothing. */
    private final Map<String, List<Inode>> meanings = new HashMap<>();

    private boolean locked;
    private boolean dead;
    private boolean full;
    private long operations;
    private long failAt = -1;
    private Fault fault = Fault.REFUSED;
    private boolean struck;
    private final List<Effect> effects = new ArrayList<>();
    private @Nullable Consumer<FaultyDisk> witness;
    private boolean changed;

    /** Makes the nth operation from now, counted from 0, fail. */
    void failAt(long operation, Fault kind) {
        failAt = operations + operation;
        fault = kind;
        struck = false;
    }

    void heal() {
        full = false;
        failAt = -1;
    }

    long operations() {
        return operations;
    }

    /** Whether the chosen operation was reached. */
    boolean struck() {
        return struck;
    }

    boolean dead() {
        return dead;
    }

    /** What the operations did, in their order. */
    List<Effect> effects() {
        return effects;
    }

    /**
     * Shows the witness this disk as a kill would leave it at any moment from now on: before each operation and in the midst
     * of each write, where it differs from what was shown before.
     */
    void watch(Consumer<FaultyDisk> by) {
        witness = by;
        changed = true;
    }

    /** The same disk after the machine, or after a kill only the process, was started again. */
    FaultyDisk restarted(SplittableRandom random) {
        return dead && fault == Fault.POWER_LOSS ? afterPowerLoss(random) : image();
    }

    /** Another disk that has and forgets the same, whole and not locked. What was not synced is still not synced. */
    FaultyDisk image() {
        FaultyDisk image = new FaultyDisk();
        Map<Inode, Inode> copies = new HashMap<>();
        names.forEach((name, inode) -> image.names.put(name, copies.computeIfAbsent(inode, Inode::same)));
        meanings.forEach((name, since) -> {
            List<Inode> copied = new ArrayList<>();
            since.forEach(inode -> copied.add(inode == null ? null : copies.computeIfAbsent(inode, Inode::same)));
            image.meanings.put(name, copied);
        });
        return image;
    }

    /** What a loss of power now would leave, with one of its outcomes where it has several. */
    FaultyDisk afterPowerLoss(SplittableRandom random) {
        FaultyDisk next = new FaultyDisk();
        Map<String, Inode> found = new TreeMap<>(names);
        meanings.forEach((name, since) -> found.put(name, since.get(random.nextInt(since.size()))));
        Map<Inode, Inode> copies = new HashMap<>();
        found.forEach((name, inode) -> {
            if (inode != null) {
                next.names.put(name, copies.computeIfAbsent(inode, i -> i.copyOf(i.afterPowerLoss(random))));
            }
        });
        return next;
    }

    /** A checksum of the names and the bytes of all files but one. */
    long checksum(String without) {
        long sum = 0;
        for (Map.Entry<String, Inode> file : names.entrySet()) {
            if (!file.getKey().equals(without)) {
                CRC32C bytes = new CRC32C();
                bytes.update(file.getValue().visible);
                sum = (sum * 31 + file.getKey().hashCode()) * 0x9E3779B97F4A7C15L + bytes.getValue();
            }
        }
        return sum;
    }

    byte[] content(String name) {
        return names.get(name).visible.clone();
    }

    void replace(String name, byte[] content) {
        names.put(name, new Inode().copyOf(content));
    }

    void remove(String name) {
        names.remove(name);
    }

    FaultyDisk copy() {
        FaultyDisk copy = new FaultyDisk();
        names.forEach((name, inode) -> copy.replace(name, inode.visible.clone()));
        return copy;
    }

    @Override
    public List<String> list() throws IOException {
        step(Effect.NOTHING, () -> {});
        return new ArrayList<>(names.keySet());
    }

    @Override
    public ReadableFile open(String name) throws IOException {
        step(Effect.NOTHING, () -> {});
        Inode inode = existing(name);
        return new ReadableFile() {
            @Override
            public long length() throws IOException {
                step(Effect.NOTHING, () -> {});
                return inode.visible.length;
            }

            @Override
            public void read(long position, byte[] target, int from, int length) throws IOException {
                step(Effect.NOTHING, () -> {});
                if (position + length > inode.visible.length) {
                    throw new EOFException(name);
                }
                System.arraycopy(inode.visible, (int) position, target, from, length);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public WritableFile create(String name) throws IOException {
        step(Effect.GROWTH, () -> {
            Inode inode = names.get(name);
            if (inode == null) {
                mean(name, new Inode());
            } else {
                // What is written from here on is new to the machine, and its sync means something again.
                inode.visible = new byte[0];
                inode.lost = false;
            }
        });
        Inode inode = names.get(name);
        return new WritableFile() {
            @Override
            public void write(byte[] source, int from, int length) throws IOException {
                boolean[] whole = {false};
                step(Effect.GROWTH, () -> {
                    append(inode, source, from, length / 2);
                    show();
                    whole[0] = true;
                });
                if (whole[0]) {
                    append(inode, source, from + length / 2, length - length / 2);
                }
            }

            @Override
            public void sync() throws IOException {
                try {
                    step(Effect.CHANGE, () -> {});
                } catch (IOException e) {
                    inode.lost = true;
                    throw e;
                }
                if (!inode.lost) {
                    inode.durable = inode.visible;
                }
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void rename(String from, String to) throws IOException {
        step(Effect.CHANGE, () -> {
            Inode inode = existing(from);
            mean(from, null);
            mean(to, inode);
        });
    }

    @Override
    public void delete(String name) throws IOException {
        step(Effect.CHANGE, () -> {
            existing(name);
            mean(name, null);
        });
    }

    @Override
    public void sync() throws IOException {
        step(Effect.CHANGE, meanings::clear);
    }

    @Override
    public Closeable lock(String name) throws IOException {
        step(Effect.GROWTH, () -> {
            if (locked) {
                throw new IllegalStateException("locked");
            }
            locked = true;
            if (!names.containsKey(name)) {
                mean(name, new Inode());
            }
        });
        return () -> locked = false;
    }

    private interface Operation {
        void apply() throws IOException;
    }

    private void show() {
        if (witness != null && changed) {
            witness.accept(image());
        }
    }

    private void step(Effect kind, Operation effect) throws IOException {
        if (dead) {
            throw new IOException("the machine is off");
        }
        show();
        changed = kind != Effect.NOTHING;
        effects.add(kind);
        boolean takesSpace = kind == Effect.GROWTH;
        boolean now = operations++ == failAt;
        struck |= now;
        if (full && takesSpace) {
            throw new IOException("No space left on device");
        }
        if (!now) {
            effect.apply();
            return;
        }
        switch (fault) {
            case REFUSED -> throw new IOException("refused");
            case TORN -> {
                effect.apply();
                locked = false;
                throw new IOException("torn");
            }
            case FULL -> {
                full = true;
                if (takesSpace) {
                    throw new IOException("No space left on device");
                }
                effect.apply();
            }
            case POWER_LOSS, KILL -> {
                dead = true;
                effect.apply();
                throw new IOException("the machine goes off");
            }
        }
    }

    private Inode existing(String name) throws NoSuchFileException {
        Inode inode = names.get(name);
        if (inode == null) {
            throw new NoSuchFileException(name);
        }
        return inode;
    }

    private void mean(String name, Inode inode) {
        meanings.computeIfAbsent(name, n -> new ArrayList<>(Arrays.asList(names.get(n))))
                .add(inode);
        if (inode == null) {
            names.remove(name);
        } else {
            names.put(name, inode);
        }
    }

    private static void append(Inode inode, byte[] source, int from, int length) {
        byte[] longer = Arrays.copyOf(inode.visible, inode.visible.length + length);
        System.arraycopy(source, from, longer, inode.visible.length, length);
        inode.visible = longer;
    }
}
