package io.nexusid.arrow.format;

import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusDataException;
import java.nio.file.Path;

/**
 * An input file and how messages name it.
 *
 * @param path where it is
 * @param table the input table it belongs to
 * @param name its name in messages
 */
record FileOrigin(Path path, String table, String name) {
    /** A damaged file. */
    NexusDataException corrupt(String reason) {
        return fault(FaultCode.CORRUPT_FILE).because(reason);
    }

    /** A damaged file, as a library found out. */
    NexusDataException corrupt(String reason, Throwable cause) {
        return fault(FaultCode.CORRUPT_FILE).cause(cause).because(reason);
    }

    /** Any other fault of this file. */
    NexusDataException.Builder fault(FaultCode code) {
        return NexusDataException.of(code, table).file(name);
    }
}
