package io.nexusid.arrow.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.NexusDataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;

/**
 * Reads little-endian fields of one file. Nothing is believed: a field or a count that the bytes left cannot hold is
 * damage, found before anything is allocated for it.
 */
final class FieldReader {
    private final String file;
    private final long offset;
    private final ByteBuffer bytes;

    /** Reads bytes that stand at this offset of this file. */
    FieldReader(String file, long offset, byte[] bytes) {
        this.file = file;
        this.offset = offset;
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    int getInt() {
        return bytes.getInt(skip(4));
    }

    long getLong() {
        return bytes.getLong(skip(8));
    }

    /** A long that cannot be negative. */
    long getSize() {
        long size = getLong();
        if (size < 0) {
            throw damage("a negative size");
        }
        return size;
    }

    /** A number of things that take at least so many bytes each. */
    int getCount(int bytesEach) {
        int count = getInt();
        if (count < 0 || (long) count * bytesEach > bytes.remaining()) {
            throw damage("a count larger than the file");
        }
        return count;
    }

    String getText() {
        int length = getCount(1);
        ByteBuffer utf8 = bytes.slice(skip(length), length);
        try {
            return UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw damage("text that is not UTF-8");
        }
    }

    void expectEnd() {
        if (bytes.hasRemaining()) {
            throw damage("bytes after the end");
        }
    }

    NexusDataException damage(String what) {
        return StoreDamage.at(file, offset + bytes.position(), what);
    }

    private int skip(int length) {
        if (length > bytes.remaining()) {
            throw damage("the end of the file");
        }
        int at = bytes.position();
        bytes.position(at + length);
        return at;
    }
}
