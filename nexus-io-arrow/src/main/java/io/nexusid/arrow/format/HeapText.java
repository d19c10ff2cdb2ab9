package io.nexusid.arrow.format;

/**
 * The arrays of some text cells: cell {@code i} is {@code bytes[offsets[i] .. offsets[i + 1])}, and null where its bit
 * in {@code validity} is clear. A plain holder, so that a filled set of arrays changes hands without a copy.
 */
public final class HeapText {
    private static final byte[] NONE = {};

    public byte[] bytes = NONE;
    public int[] offsets = {0};
    /** One bit a row, the first in the lowest bit. */
    public byte[] validity = NONE;

    /** Exchanges the arrays of two holders. */
    public void exchange(HeapText other) {
        byte[] otherBytes = other.bytes;
        int[] otherOffsets = other.offsets;
        byte[] otherValidity = other.validity;
        other.bytes = bytes;
        other.offsets = offsets;
        other.validity = validity;
        bytes = otherBytes;
        offsets = otherOffsets;
        validity = otherValidity;
    }
}
