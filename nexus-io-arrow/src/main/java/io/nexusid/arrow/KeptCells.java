package io.nexusid.arrow;

import io.nexusid.api.InputColumn;
import io.nexusid.arrow.format.TextBlock;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cells of a few rows of a table, read once for all who read them: tables of a few rows are derived as they were and as they
 * are, and by several stages. For any thread. Holds what was read, of at most {@value #MOST_ROWS} rows.
 */
final class KeptCells {
    /** Of more rows nothing is kept: 16 MiB for each column of texts of 100 bytes. */
    static final int MOST_ROWS = 1 << 17;

    /** A column of some rows. */
    private record Key(List<BlockRows> rows, String column) {}

    private final Map<Key, TextBlock> texts = new HashMap<>();
    private final Map<Key, long[]> numbers = new HashMap<>();

    /** The cells of a column of text; not to be changed. */
    TextBlock text(List<BlockRows> rows, String column) throws IOException {
        Key key = new Key(rows, column);
        TextBlock known;
        synchronized (this) {
            known = texts.get(key);
        }
        if (known == null) {
            known = BlockRows.text(rows, column);
            synchronized (this) {
                texts.put(key, known);
            }
        }
        return known.share();
    }

    /** The values of a column that is no text; not to be changed. */
    long[] values(List<BlockRows> rows, InputColumn column) throws IOException {
        Key key = new Key(rows, column.name());
        long[] known;
        synchronized (this) {
            known = numbers.get(key);
        }
        if (known == null) {
            known = BlockRows.values(rows, column);
            synchronized (this) {
                numbers.put(key, known);
            }
        }
        return known;
    }
}
