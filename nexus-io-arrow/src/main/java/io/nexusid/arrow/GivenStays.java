package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.InputTable;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.states.NumberForm;
import io.nexusid.states.StayChecks;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code states}, checked and settled: as stays those that are kept, as rows all as they were given. Owns its
 * table until {@link #close}.
 */
final class GivenStays implements Stays, AutoCloseable {
    private final Run run;
    private final Identity identity;
    private final StateTexts texts;
    private final StayEntities entities;
    private final boolean hasCategory;
    private final boolean asGiven;
    private final IntArrayList entity = new IntArrayList();
    private final CodedColumn type;
    private final LoadedTable table;
    private final CodedColumn name;
    private final CodedColumn value;
    private final CodedColumn category;
    private final long[] number;
    private final NumberForm form;
    private final TextColumn trigger;
    private final long[] entered;
    private final long[] exited;
    private final int[] current;
    private long unknownEntities;
    private @Nullable StayChecks checks;
    /** The rows that are not set aside. */
    private int[] kept = {};

    GivenStays(Run run, Identity identity, StateTexts texts, StayEntities entities) throws IOException {
        this.run = run;
        this.identity = identity;
        this.texts = texts;
        this.entities = entities;
        this.hasCategory = run.log().has(InputTable.STATES, "state_category");
        this.asGiven = run.config().compat().takesStaysAsGiven();
        this.type = new CodedColumn(run.entityTypes());
        this.table = texts.columns(LoadedTable.of(InputTable.STATES).batchCodes("entity_type", type))
                .each("entity_id", this::addEntities)
                .texts("trigger_event_id")
                .instants("state_entered_at", "state_exited_at")
                .flags("is_current")
                .load(run);
        this.name = table.codes("state_name");
        this.value = table.codes("state_value");
        this.category = table.codes("state_category");
        this.number = table.numbers("state_numeric_value");
        this.form = run.log().stateUnit().form();
        this.trigger = table.texts("trigger_event_id");
        this.entered = table.instants("state_entered_at");
        this.exited = table.instants("state_exited_at");
        this.current = table.flags("is_current");
        run.unmatched(InputTable.STATES, "unknown_entity", unknownEntities);
    }

    private void addEntities(TextBlock block) {
        for (int i = 0; i < block.rows(); i++) {
            int code = type.code(i);
            String typeName = new String(run.entityTypeNames().bytes(code), UTF_8);
            int ordinal = identity.index().find(typeName, block.bytes(), block.from(i), block.length(i));
            if (ordinal < 0) {
                unknownEntities++;
            }
            entity.add(entities.add(code, block.bytes(), block.from(i), block.length(i), ordinal));
        }
    }

    /** Finds what is wrong, once entities are ranked. */
    void check() {
        int[] ranks = new int[table.rows()];
        for (int row = 0; row < ranks.length; row++) {
            ranks[row] = entities.rank(entity.getInt(row));
        }
        StayChecks found = StayChecks.compute(
                table.rows(),
                ranks,
                name.ranks(),
                entered,
                exited,
                current,
                number,
                form,
                this::compare,
                run.config().stayPolicy());
        checks = found;
        Map<String, Long> counts = new HashMap<>();
        for (int i = 0; i < found.findings(); i++) {
            counts.merge(found.fault(i).code(), 1L, Long::sum);
        }
        counts.forEach((code, rows) -> run.unmatched(InputTable.STATES, code, rows));
        kept = IntStream.range(0, table.rows()).filter(row -> !isSetAside(row)).toArray();
    }

    private int compare(int a, int b) {
        int order = trigger.compare(a, b);
        order = order != 0 ? order : texts.values().compareCodes(value.code(a), value.code(b));
        order = order != 0 ? order : form.compare(number[a], number[b]);
        order = order != 0 ? order : texts.categories().compareCodes(category.code(a), category.code(b));
        // -1, nothing said, is the greatest unsigned.
        return order != 0 ? order : Integer.compareUnsigned(current[a], current[b]);
    }

    /** What is wrong with the rows. */
    StayChecks checks() {
        StayChecks found = checks;
        if (found == null) {
            throw new IllegalStateException("the stays are not checked yet");
        }
        return found;
    }

    /** Whether this row is left out of the stays. */
    boolean isSetAside(int row) {
        return !asGiven && checks().isSetAside(row);
    }

    int entityOfRow(int row) {
        return entity.getInt(row);
    }

    byte[] nameOfRow(int row) {
        return texts.names().bytes(name.code(row));
    }

    /** As given. */
    long enteredAtOfRow(int row) {
        return entered[row];
    }

    /** As given. */
    long exitedAtOfRow(int row) {
        return exited[row];
    }

    byte @Nullable [] triggerOfRow(int row) {
        return trigger.bytes(row);
    }

    @Override
    public int size() {
        return kept.length;
    }

    @Override
    public int entity(int stay) {
        return entity.getInt(kept[stay]);
    }

    @Override
    public int name(int stay) {
        return name.code(kept[stay]);
    }

    @Override
    public int value(int stay) {
        return value.code(kept[stay]);
    }

    @Override
    public long number(int stay) {
        return number[kept[stay]];
    }

    @Override
    public int category(int stay) {
        return hasCategory ? category.code(kept[stay]) : texts.dimension;
    }

    @Override
    public long enteredAt(int stay) {
        return entered[kept[stay]];
    }

    @Override
    public long exitedAt(int stay) {
        return asGiven ? exited[kept[stay]] : checks().exitedAt(kept[stay]);
    }

    /** As given or settled; where nothing was said, whether the stay is open. */
    @Override
    public int isCurrent(int stay) {
        if (!asGiven) {
            return checks().current(kept[stay]) ? 1 : 0;
        }
        return current[kept[stay]] >= 0 ? current[kept[stay]] : Stays.super.isCurrent(stay);
    }

    @Override
    public byte @Nullable [] trigger(int stay) {
        return trigger.bytes(kept[stay]);
    }

    @Override
    public void copyTriggerTo(int stay, TextAppender out) {
        trigger.copyTo(kept[stay], out);
    }

    @Override
    public int compareTriggers(int a, int b) {
        return trigger.compare(kept[a], kept[b]);
    }

    @Override
    public void close() {
        table.close();
    }
}
