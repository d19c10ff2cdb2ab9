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

    private static final int SECTOR = 512;

    private static final class Inode {
        byte[] visible = {};
        byte[] durable = {};
        boolean lost;

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

    /** The same disk after the machine, or after a kill only the process, was started again. */
    FaultyDisk restarted(SplittableRandom random) {
        FaultyDisk next = new FaultyDisk();
        boolean powerLost = dead && fault == Fault.POWER_LOSS;
        Map<String, Inode> found = new TreeMap<>(names);
        if (powerLost) {
            meanings.forEach((name, since) -> found.put(name, since.get(random.nextInt(since.size()))));
        }
        Map<Inode, Inode> copies = new HashMap<>();
        found.forEach((name, inode) -> {
            if (inode != null) {
                next.names.put(
                        name,
                        copies.computeIfAbsent(inode, i -> i.copyOf(powerLost ? i.afterPowerLoss(random) : i.visible)));
            }
        });
        if (!powerLost) {
            // The process died, the machine did not: what was not synced is still not synced.
            copies.forEach((old, copy) -> {
                copy.durable = old.durable;
                copy.lost = old.lost;
            });
            meanings.forEach((name, since) -> {
                List<Inode> copied = new ArrayList<>();
                for (Inode inode : since) {
                    copied.add(
                            inode == null
                                    ? null
                                    : copies.computeIfAbsent(inode, i -> {
                                        Inode copy = i.copyOf(i.visible);
                                        copy.durable = i.durable;
                                        copy.lost = i.lost;
                                        return copy;
                                    }));
                }
                next.meanings.put(name, copied);
            });
        }
        return next;
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
        step(false, () -> {});
        return new ArrayList<>(names.keySet());
    }

    @Override
    public ReadableFile open(String name) throws IOException {
        step(false, () -> {});
        Inode inode = existing(name);
        return new ReadableFile() {
            @Override
            public long length() throws IOException {
                step(false, () -> {});
                return inode.visible.length;
            }

            @Override
            public void read(long position, byte[] target, int from, int length) throws IOException {
                step(false, () -> {});
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
        step(true, () -> {
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
                step(true, () -> {
                    append(inode, source, from, length / 2);
                    whole[0] = true;
                });
                if (whole[0]) {
                    append(inode, source, from + length / 2, length - length / 2);
                }
            }

            @Override
            public void sync() throws IOException {
                try {
                    step(false, () -> {});
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
        step(false, () -> {
            Inode inode = existing(from);
            mean(from, null);
            mean(to, inode);
        });
    }

    @Override
    public void delete(String name) throws IOException {
        step(false, () -> {
            existing(name);
            mean(name, null);
        });
    }

    @Override
    public void sync() throws IOException {
        step(false, meanings::clear);
    }

    @Override
    public Closeable lock(String name) throws IOException {
        step(true, () -> {
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

    private interface Effect {
        void apply() throws IOException;
    }

    private void step(boolean takesSpace, Effect effect) throws IOException {
        if (dead) {
            throw new IOException("the machine is off");
        }
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
