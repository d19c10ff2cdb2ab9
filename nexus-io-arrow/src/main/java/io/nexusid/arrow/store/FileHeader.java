package io.nexusid.arrow.store;

import java.util.zip.CRC32C;

/**
 * The first 32 bytes of a manifest and of a segment: what it is, in which version, of which store, which one. Magic and
 * checksum keep their places in every later version, so that a newer file is told from a damaged one.
 */
final class FileHeader {
    static final int VERSION = 1;
    static final int LENGTH = 32;

    /** "NEXUSMAN" and "NEXUSSEG", read as little-endian longs. */
    static final long MANIFEST = 0x4E414D535558454EL;

    static final long SEGMENT = 0x474553535558454EL;

    private FileHeader() {}

    static FieldWriter write(long magic, long storeId, long number) {
        FieldWriter header = new FieldWriter()
                .putLong(magic)
                .putInt(VERSION)
                .putLong(storeId)
                .putLong(number);
        return header.putInt(header.crc());
    }

    /** Checks all but the store's id, which it returns. */
    static long read(String file, byte[] bytes, long magic, long number) {
        FieldReader header = new FieldReader(file, 0, bytes);
        if (header.getLong() != magic) {
            throw StoreDamage.at(file, 0, "no file of a store begins like this");
        }
        int version = header.getInt();
        long storeId = header.getLong();
        long actual = header.getLong();
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, LENGTH - 4);
        if (header.getInt() != (int) crc.getValue()) {
            throw StoreDamage.at(file, 0, "the checksum of the header differs");
        }
        if (version > VERSION) {
            throw StoreDamage.newer(file, version);
        }
        if (version < 1) {
            throw StoreDamage.at(file, 8, "format " + version);
        }
        if (actual != number) {
            throw StoreDamage.in(file, "this is the content of number " + actual + ": files were swapped");
        }
        return storeId;
    }

    static void sameStore(String file, long expected, long actual) {
        if (expected != actual) {
            throw StoreDamage.in(file, "this file belongs to another store");
        }
    }
}
