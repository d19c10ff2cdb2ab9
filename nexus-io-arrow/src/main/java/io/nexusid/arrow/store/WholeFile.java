package io.nexusid.arrow.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Small files, read and written at once. */
final class WholeFile {
    private WholeFile() {}

    static byte[] read(Disk disk, String name, int longest) throws IOException {
        try (ReadableFile file = disk.open(name)) {
            long length = file.length();
            if (length > longest) {
                throw StoreDamage.in(name, "far too long");
            }
            byte[] bytes = new byte[(int) length];
            file.read(0, bytes, 0, bytes.length);
            return bytes;
        } catch (EOFException e) {
            throw StoreDamage.in(name, "shorter than its length");
        } catch (NoSuchFileException e) {
            throw StoreDamage.in(name, "the file is missing");
        }
    }

    static void write(Disk disk, String name, byte[] bytes) throws IOException {
        try (WritableFile file = disk.create(name)) {
            file.write(bytes, 0, bytes.length);
            file.sync();
        }
    }

    /** The bytes from here to the checksum of the whole file at its end, which is checked. */
    static byte[] withoutChecksum(String name, byte[] bytes, int from) {
        int end = bytes.length - 4;
        if (end < from) {
            throw StoreDamage.at(name, bytes.length, "the end of the file");
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, end);
        int expected = new FieldReader(name, end, Arrays.copyOfRange(bytes, end, bytes.length)).getInt();
        if (expected != (int) crc.getValue()) {
            throw StoreDamage.at(name, 0, "the checksum of the file differs");
        }
        return Arrays.copyOfRange(bytes, from, end);
    }
}
