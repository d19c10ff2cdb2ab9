package io.nexusid.arrow;

import io.nexusid.states.StateNumbers;
import it.unimi.dsi.fastutil.ints.IntArrays;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.Arrays;

/** Instants and numbers that the distinct texts of a column say; each text is read once, when it is first asked for. */
final class SnapshotValues {
    private final CodedColumn texts;
    private final LongArrayList instants = new LongArrayList();
    private final LongArrayList numbers = new LongArrayList();
    private final NumberText reader = new NumberText();

    SnapshotValues(CodedColumn texts) {
        this.texts = texts;
    }

    /** The instant that a text says, or {@link Instants#NULL} if it says none. */
    long instant(int code) {
        while (instants.size() <= code) {
            byte[] text = texts.bytes(instants.size());
            long micros = TimestampText.parse(text, 0, text.length);
            instants.add(micros <= TimestampText.OUT_OF_CALENDAR ? Instants.NULL : micros);
        }
        return instants.getLong(code);
    }

    boolean isNumber(int code) {
        return bits(code) != StateNumbers.NULL;
    }

    /** The number that a text says, as {@link StateNumbers} bits; null if it says none. */
    long bits(int code) {
        while (numbers.size() <= code) {
            byte[] text = texts.bytes(numbers.size());
            boolean read = reader.parse(text, 0, text.length) == NumberText.Result.NUMBER;
            numbers.add(read ? StateNumbers.of(reader.value()) : StateNumbers.NULL);
        }
        return numbers.getLong(code);
    }

    /** By code its position among all by number, then by bytes. */
    int[] ranksByNumber() {
        int[] order = new int[texts.distinct()];
        Arrays.setAll(order, i -> i);
        IntArrays.quickSort(order, (a, b) -> {
            int byNumber = StateNumbers.compare(bits(a), bits(b));
            return byNumber != 0 ? byNumber : texts.compareCodes(a, b);
        });
        int[] ranks = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            ranks[order[i]] = i;
        }
        return ranks;
    }
}
