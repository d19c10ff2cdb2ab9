package io.nexusid.arrow.format;

/** Texts that cells of a column refer to by their position: entry {@code i} is a range of shared bytes. Never changed. */
public final class TextDictionary {
    private final byte[] bytes;
    private final int[] starts;
    private final int[] lengths;
    private final int longest;
    private final boolean anyEmpty;

    /**
     * Takes the arrays over.
     *
     * @param bytes holds all entries
     * @param starts where each begins
     * @param lengths how many bytes each has; as many elements as there are entries
     */
    public TextDictionary(byte[] bytes, int[] starts, int[] lengths) {
        this.bytes = bytes;
        this.starts = starts;
        this.lengths = lengths;
        int most = 0;
        boolean empty = false;
        for (int length : lengths) {
            most = Math.max(most, length);
            empty |= length == 0;
        }
        this.longest = most;
        this.anyEmpty = empty;
    }

    /** A dictionary of one text. */
    public static TextDictionary of(byte[] text) {
        return new TextDictionary(text, new int[] {0}, new int[] {text.length});
    }

    /** How many entries there are. */
    public int size() {
        return lengths.length;
    }

    /** The bytes that {@link #from} indexes. Not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    public int from(int entry) {
        return starts[entry];
    }

    public int length(int entry) {
        return lengths[entry];
    }

    /** Whether an entry is the empty text; rows need not refer to it. */
    public boolean anyEmpty() {
        return anyEmpty;
    }

    /** The length of the longest entry. */
    int longest() {
        return longest;
    }
}
