package io.nexusid.arrow.store;

import java.io.IOException;

/**
 * The steps that make an epoch the store's.
 *
 * <p>Manifest and the next {@code CURRENT} are written and synced, then the folder, so that every name the new epoch needs
 * will last before anything refers to it; then one rename is the commit, and one more sync of the folder makes it last. The
 * first sync of the folder is the one that is easily forgotten: without it a file system may keep the rename and lose a
 * segment's name.
 */
final class Commit {
    /** The rename failed, and yet it may have happened; or it did, and may not last. */
    static final class InDoubt extends IOException {
        private static final long serialVersionUID = 1L;

        InDoubt(Throwable cause) {
            super(
                    "it is not known whether the epoch was committed: open the store again (" + cause.getMessage()
                            + ")",
                    cause);
        }
    }

    private Commit() {}

    static void prepare(Disk disk, Manifest manifest) throws IOException {
        WholeFile.write(disk, manifest.file(), manifest.encode());
        WholeFile.write(disk, FileNames.NEXT_CURRENT, CurrentEpoch.encode(manifest.epoch()));
        disk.sync();
    }

    /** Renames; if that throws anything, looks whether the last epoch is still the named one. */
    static void name(Disk disk, long lastEpoch) throws IOException {
        try {
            disk.rename(FileNames.NEXT_CURRENT, FileNames.CURRENT);
        } catch (IOException | RuntimeException | Error e) {
            if (stillNamed(disk, lastEpoch, e)) {
                throw e;
            }
            throw new InDoubt(e);
        }
    }

    /** Syncs the folder after the rename. */
    static void makeLast(Disk disk) throws InDoubt {
        try {
            disk.sync();
        } catch (IOException e) {
            throw new InDoubt(e);
        }
    }

    private static boolean stillNamed(Disk disk, long epoch, Throwable cause) {
        try {
            return CurrentEpoch.read(disk) == epoch;
        } catch (IOException | RuntimeException | Error e) {
            cause.addSuppressed(e);
            return false;
        }
    }
}
