package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.states.NumberForm;
import io.nexusid.states.StateStays;
import io.nexusid.states.StayFault;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The stays that follow from changes: from the rows of {@code state_changes} that have an owner, and after them in the
 * numbering from what declared states say. Rows whose number is NaN or infinite are set aside and counted. Owns its table until {@link #close}.
 */
final class ChangedStays implements Stays, AutoCloseable {
    private final Run run;
    private final StateTexts texts;
    private final StayEntities entities;
    private final IdentifierOwners owners;
    private final CodedColumn type;
    private final CodedColumn identifierType;
    private final long expectedRows;
    private final IntArrayList ownerOfRow = new IntArrayList();
    private final LoadedTable table;
    private final CodedColumn name;
    private final CodedColumn value;
    private final CodedColumn category;
    private final long[] number;
    private final NumberForm form;
    private final TextColumn trigger;
    private final DeclaredChanges declared;
    /** Changes that count, with an owner: the row and the entity; a shared registered source id repeats its row. */
    private final IntArrayList row = new IntArrayList();

    private final IntArrayList entity = new IntArrayList();
    private @Nullable StateStays stays;

    ChangedStays(Run run, Identity identity, StateTexts texts, StayEntities entities, DeclaredChanges declared)
            throws IOException {
        this.run = run;
        this.texts = texts;
        this.entities = entities;
        this.declared = declared;
        this.owners = new IdentifierOwners(run, identity);
        this.type = new CodedColumn(run.entityTypes());
        this.identifierType = new CodedColumn(run.identifierTypes());
        this.expectedRows = run.log().announcedRows(InputTable.STATE_CHANGES);
        this.table = texts.columns(LoadedTable.of(InputTable.STATE_CHANGES)
                        .batchCodes("entity_type", type)
                        .batchCodes("identifier_type", identifierType))
                .each("identifier_value", this::addOwners)
                .texts("event_id")
                .instants("occurred_at")
                .load(run);
        this.name = table.codes("state_name");
        this.value = table.codes("state_value");
        this.category = table.codes("state_category");
        this.number = table.numbers("state_numeric_value");
        this.form = run.log().stateUnit().form();
        this.trigger = table.texts("event_id");
        addChanges();
    }

    private void addOwners(TextBlock block) {
        owners.add(type.codes(), identifierType.codes(), 0, block, ownerOfRow, expectedRows);
    }

    private void addChanges() {
        long unowned = 0;
        long notFinite = 0;
        for (int i = 0; i < table.rows(); i++) {
            int change = i;
            if (!form.isFinite(number[i])) {
                notFinite++;
                continue;
            }
            if (ownerOfRow.getInt(i) == IdentifierOwners.NONE) {
                unowned++;
            }
            owners.forEach(ownerOfRow.getInt(i), ordinal -> {
                row.add(change);
                entity.add(entities.add(ordinal));
            });
        }
        run.unmatched(InputTable.STATE_CHANGES, "no_owner", unowned);
        run.unmatched(InputTable.STATE_CHANGES, StayFault.NUMBER_NOT_FINITE.code(), notFinite);
    }

    /** Makes the stays, once entities are ranked. */
    void makeStays() {
        int given = row.size();
        int n = Math.addExact(given, declared.size());
        int[] entityRank = new int[n];
        int[] nameRank = new int[n];
        int[] valueRank = new int[n];
        int[] categoryRank = new int[n];
        long[] occurredAt = new long[n];
        long[] numbers = new long[n];
        int[] nameRanks = new CodedColumn(texts.names()).rankOfCode();
        int[] valueRanks = texts.values().rankOfCode();
        int[] categoryRanks = texts.categories().rankOfCode();
        long[] instants = table.instants("occurred_at");
        for (int i = 0; i < n; i++) {
            int d = i - given;
            int code = changeValue(i);
            entityRank[i] = entities.rank(d < 0 ? entity.getInt(i) : declared.entity(d));
            nameRank[i] = nameRanks[changeName(i)];
            valueRank[i] = code < 0 ? CodedColumn.NULL : valueRanks[code];
            categoryRank[i] = categoryRanks[changeCategory(i)];
            occurredAt[i] = d < 0 ? instants[row.getInt(i)] : declared.occurredAt(d);
            numbers[i] = changeNumber(i);
        }
        long[] lasts = new long[n];
        for (int d = 0; d < declared.size(); d++) {
            lasts[given + d] = declared.lasts(d);
        }
        StateStays made = StateStays.fromChanges(
                n,
                entityRank,
                nameRank,
                occurredAt,
                valueRank,
                numbers,
                form,
                categoryRank,
                lasts,
                this::compareChangeTriggers);
        stays = made;
        run.unmatched(InputTable.STATE_CHANGES, "superseded", made.superseded());
    }

    private StateStays stays() {
        StateStays made = stays;
        if (made == null) {
            throw new IllegalStateException("the stays are not made yet");
        }
        return made;
    }

    private int changeName(int change) {
        int d = change - row.size();
        return d < 0 ? name.code(row.getInt(change)) : declared.name(d);
    }

    private int changeValue(int change) {
        int d = change - row.size();
        return d < 0 ? value.code(row.getInt(change)) : declared.value(d);
    }

    private long changeNumber(int change) {
        int d = change - row.size();
        return d < 0 ? number[row.getInt(change)] : declared.number(d);
    }

    private int changeCategory(int change) {
        int d = change - row.size();
        int code = d < 0 ? category.code(row.getInt(change)) : declared.category(d);
        return code >= 0 ? code : texts.categoryOf(changeValue(change), changeNumber(change));
    }

    private byte @Nullable [] changeTrigger(int change) {
        int d = change - row.size();
        return d < 0 ? trigger.bytes(row.getInt(change)) : declared.trigger(d);
    }

    private int compareChangeTriggers(int a, int b) {
        if (a < row.size() && b < row.size()) {
            return trigger.compare(row.getInt(a), row.getInt(b));
        }
        return compareTexts(changeTrigger(a), changeTrigger(b));
    }

    /** By bytes, null last. */
    static int compareTexts(byte @Nullable [] a, byte @Nullable [] b) {
        if (a == null || b == null) {
            return Boolean.compare(a == null, b == null);
        }
        return Arrays.compareUnsigned(a, b);
    }

    /** The change that opened a stay. */
    private int opening(int stay) {
        return stays().row(stay);
    }

    @Override
    public int size() {
        return stays().size();
    }

    @Override
    public int entity(int stay) {
        int change = opening(stay);
        int d = change - row.size();
        return d < 0 ? entity.getInt(change) : declared.entity(d);
    }

    @Override
    public int name(int stay) {
        return changeName(opening(stay));
    }

    @Override
    public int value(int stay) {
        return changeValue(opening(stay));
    }

    @Override
    public long number(int stay) {
        return changeNumber(opening(stay));
    }

    @Override
    public int category(int stay) {
        return changeCategory(opening(stay));
    }

    @Override
    public long enteredAt(int stay) {
        return stays().enteredAt(stay);
    }

    @Override
    public long exitedAt(int stay) {
        return stays().exitedAt(stay);
    }

    @Override
    public byte @Nullable [] trigger(int stay) {
        return changeTrigger(opening(stay));
    }

    @Override
    public void copyTriggerTo(int stay, TextAppender out) {
        int change = opening(stay);
        if (change < row.size()) {
            trigger.copyTo(row.getInt(change), out);
            return;
        }
        byte[] text = declared.trigger(change - row.size());
        if (text == null) {
            out.appendNull();
        } else {
            out.append(text);
        }
    }

    @Override
    public int compareTriggers(int a, int b) {
        return compareChangeTriggers(opening(a), opening(b));
    }

    @Override
    public void close() {
        table.close();
    }
}
