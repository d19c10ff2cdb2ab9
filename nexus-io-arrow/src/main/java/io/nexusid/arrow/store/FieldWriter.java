package io.nexusid.arrow.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Collects little-endian fields; the other side of {@link FieldReader}. */
final class FieldWriter {
    private byte[] bytes = new byte[256];
    private ByteBuffer view = view(bytes);
    private int length;

    FieldWriter putInt(int value) {
        room(4);
        view.putInt(length - 4, value);
        return this;
    }

    FieldWriter putLong(long value) {
        room(8);
        view.putLong(length - 8, value);
        return this;
    }

    /** Its length in bytes, then UTF-8. */
    FieldWriter putText(String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        return putInt(utf8.length).putBytes(utf8);
    }

    FieldWriter putBytes(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, length - more.length, more.length);
        return this;
    }

    /** The checksum of all bytes so far. */
    int crc() {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private void room(int more) {
        int needed = Math.addExact(length, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(bytes.length * 2L, Integer.MAX_VALUE - 8)));
            view = view(bytes);
        }
        length = needed;
    }

    private static ByteBuffer view(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
