package io.nexusid.arrow.store;

import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusDataException;

/** The errors of a store that is not as it was written. */
final class StoreDamage {
    private static final String TABLE = "store";

    private StoreDamage() {}

    /** At this byte stands something that was not written there. */
    static NexusDataException at(String file, long offset, String what) {
        return in(file, "damaged at byte " + offset + ": " + what);
    }

    /** The file as a whole is wrong. */
    static NexusDataException in(String file, String reason) {
        return NexusDataException.of(FaultCode.CORRUPT_FILE, TABLE).file(file).because(reason);
    }

    /** The folder as a whole is wrong. */
    static NexusDataException ofFolder(String reason) {
        return NexusDataException.of(FaultCode.CORRUPT_FILE, TABLE).because(reason);
    }

    /** The file was written by a version of this program that is not known here. */
    static NexusDataException newer(String file, int version) {
        return NexusDataException.of(FaultCode.UNSUPPORTED_VERSION, TABLE)
                .file(file)
                .because("written in format " + version + ", and this version reads format " + FileHeader.VERSION
                        + ": use the version that wrote it, or a later one");
    }
}
