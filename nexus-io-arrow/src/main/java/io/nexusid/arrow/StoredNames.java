package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.InputTable;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.arrow.store.EpochWriter;
import io.nexusid.arrow.store.Segment;
import io.nexusid.arrow.store.SegmentMerge;
import io.nexusid.arrow.store.SegmentWriter;
import io.nexusid.arrow.store.Snapshot;
import io.nexusid.graph.KeyDictionary;
import io.nexusid.states.StateNumbers;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * The names in the rows of a store that become columns of wide tables: of traits, measurements, dimensions and states, in
 * the order in which they were first taken. So it is known which columns there may be without reading all rows.
 *
 * <p>In segments of {@value #TABLE}, which have only the names that were new: {@value #KIND} and the texts. Held in memory.
 */
final class StoredNames {
    /** What a name names. The position is what is written. */
    enum Kind {
        TRAIT,
        /** A column of registrations. */
        REGISTERED_TRAIT,
        COMPUTED_TRAIT,
        MEASUREMENT,
        DIMENSION,
        /** A state with a stay or change that has the category {@code dimension}, or none. */
        STATE,
        /** A state with a stay or change that has the category {@code measurement}, or only a number. */
        MEASURED_STATE,
        /** A state with a stay or change of another category, which has no column. */
        OTHER_STATE
    }

    /** A name and what it names. */
    record Name(Kind kind, String text) {}

    private static final String TABLE = "names";
    private static final String KIND = "kind";
    private static final String LENGTHS = ".lengths";
    private static final String TEXT = "name";
    /** What the value of an event is called. */
    private static final byte[] EVENT_VALUE = Bytes.of("value");

    private static final List<Kind> KINDS = List.of(Kind.values());

    private final KeyDictionary known = new KeyDictionary(64);
    private List<Name> all = List.of();

    private StoredNames() {}

    /** Reads all. */
    static StoredNames open(Snapshot snapshot) throws IOException {
        List<long[]> order = new ArrayList<>();
        List<Segment> segments = snapshot.segments(TABLE);
        for (int s = 0; s < segments.size(); s++) {
            int blocks = segments.get(s).column(StoredRowsWriter.HEAD).blocks();
            for (int b = 0; b < blocks; b++) {
                order.add(new long[] {
                    segments.get(s).column(StoredRowsWriter.HEAD).longs(b)[0], s, b
                });
            }
        }
        order.sort((a, b) -> Long.compare(a[0], b[0]));
        StoredNames names = new StoredNames();
        for (long[] at : order) {
            Segment segment = segments.get((int) at[1]);
            int block = (int) at[2];
            int[] kinds = segment.column(KIND).ints(block);
            int[] lengths = segment.column(TEXT + LENGTHS).ints(block);
            byte[] bytes = segment.column(TEXT).bytes(block);
            int from = 0;
            for (int i = 0; i < kinds.length; i++) {
                names.known.add(kinds[i], bytes, from, lengths[i]);
                from += lengths[i];
            }
        }
        names.list();
        return names;
    }

    /**
     * All names that are known now, in the order in which they were first taken, those of one append in the order of their
     * bytes. The list never changes.
     */
    List<Name> all() {
        return all;
    }

    private void list() {
        List<Name> names = new ArrayList<>(all);
        for (int i = names.size(); i < known.size(); i++) {
            names.add(new Name(KINDS.get(known.kind(i)), new String(known.bytes(i), UTF_8)));
        }
        all = List.copyOf(names);
    }

    private static int code(Kind kind) {
        return KINDS.indexOf(kind);
    }

    /** Starts to look at the rows that an append takes. */
    Seen look() {
        return new Seen();
    }

    static void compact(EpochWriter epoch) throws IOException {
        epoch.mergeAll(TABLE, SegmentMerge.concatenation());
    }

    /** The names of the rows that an append takes. */
    final class Seen {
        private final KeyDictionary seen = new KeyDictionary(64);
        private int[] fresh = {};

        private Seen() {}

        /**
         * Looks at a row of the batch that is loaded.
         *
         * @param cells the loaded cells of a column
         */
        void add(InputTable table, int row, Function<String, StoredCells> cells) {
            switch (table) {
                case ENTITY_TRAITS -> add(Kind.TRAIT, cells.apply("trait_name").text(), row);
                case COMPUTED_TRAITS ->
                    add(Kind.COMPUTED_TRAIT, cells.apply("trait_name").text(), row);
                case EVENTS -> {
                    if (!cells.apply("value").isNull(row)) {
                        seen.add(code(Kind.MEASUREMENT), EVENT_VALUE, 0, EVENT_VALUE.length);
                    }
                }
                case EVENT_MEASUREMENTS ->
                    add(Kind.MEASUREMENT, cells.apply("measurement_name").text(), row);
                case EVENT_DIMENSIONS ->
                    add(Kind.DIMENSION, cells.apply("dimension_name").text(), row);
                case STATES, STATE_CHANGES ->
                    add(stateKind(table, row, cells), cells.apply("state_name").text(), row);
                default -> {}
            }
        }

        /** Adds columns of registrations, as they are called there. */
        void addRegistered(List<String> names) {
            for (String name : names) {
                byte[] bytes = Bytes.of(name);
                seen.add(code(Kind.REGISTERED_TRAIT), bytes, 0, bytes.length);
            }
        }

        private void add(Kind kind, TextBlock names, int row) {
            if (!names.isNull(row)) {
                seen.add(code(kind), names.bytes(), names.from(row), names.length(row));
            }
        }

        private Kind stateKind(InputTable table, int row, Function<String, StoredCells> cells) {
            TextBlock categories = cells.apply("state_category").text();
            if (!categories.isNull(row)) {
                return categories.is("measurement", row)
                        ? Kind.MEASURED_STATE
                        : categories.is("dimension", row) ? Kind.STATE : Kind.OTHER_STATE;
            }
            boolean onlyNumber = cells.apply("state_value").text().isNull(row)
                    && !StateNumbers.isNull(cells.apply("state_numeric_value").value64(row));
            return table == InputTable.STATE_CHANGES && onlyNumber ? Kind.MEASURED_STATE : Kind.STATE;
        }

        /** Writes the new ones. */
        void write(EpochWriter epoch) throws IOException {
            int[] unknown = new int[seen.size()];
            int count = 0;
            for (int i = 0; i < unknown.length; i++) {
                byte[] bytes = seen.bytes(i);
                if (known.find(seen.kind(i), bytes, 0, bytes.length) < 0) {
                    unknown[count++] = i;
                }
            }
            fresh = Arrays.copyOf(unknown, count);
            IntArrays.mergeSort(fresh, (a, b) -> {
                int order = Integer.compare(seen.kind(a), seen.kind(b));
                return order != 0 ? order : seen.compare(a, b);
            });
            if (count == 0) {
                return;
            }
            int[] kinds = new int[count];
            int[] lengths = new int[count];
            TextAppender texts = new TextAppender();
            texts.begin(count);
            for (int i = 0; i < count; i++) {
                kinds[i] = seen.kind(fresh[i]);
                lengths[i] = seen.length(fresh[i]);
                texts.append(seen.bytes(fresh[i]));
            }
            try (SegmentWriter segment = epoch.create(TABLE)) {
                segment.longs(StoredRowsWriter.HEAD, new long[] {epoch.epoch(), count}, 0, 2);
                segment.ints(KIND, kinds, 0, count);
                segment.ints(TEXT + LENGTHS, lengths, 0, count);
                segment.bytes(TEXT, texts.room(0), 0, texts.position());
                segment.finish(count);
            }
            epoch.mergeTiers(TABLE, SegmentMerge.concatenation());
        }

        /** The epoch is on disk: from now on they are known. */
        void publish() {
            for (int i : fresh) {
                byte[] bytes = seen.bytes(i);
                known.add(seen.kind(i), bytes, 0, bytes.length);
            }
            if (fresh.length > 0) {
                list();
            }
        }
    }
}
