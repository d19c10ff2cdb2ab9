package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.api.OutputTable;
import io.nexusid.graph.RowSort;
import io.nexusid.states.StateNumbers;
import io.nexusid.states.StateStays;
import it.unimi.dsi.fastutil.ints.IntArrays;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * {@link OutputTable#RELATIONSHIP_STAYS}: from when to when each relationship held, and in which roles. Every declaration
 * is a change of state of its (a, b, type): the roles are the value, and one that is not active ends it. Of several at one
 * instant the one counts that {@link OutputTable#RELATIONSHIPS} would keep.
 *
 * <p>A declaration without an instant changes nothing, because nobody knows when, and is counted.
 */
final class RelationshipStays {
    private final Run run;
    private final Identity identity;
    private final Declarations pairs;
    private final StateStays stays;
    /** Stays in the order of the table. */
    private final int[] order;

    private RelationshipStays(Run run, Identity identity, Declarations pairs) {
        this.run = run;
        this.identity = identity;
        this.pairs = pairs;
        this.stays = stays();
        this.order = new int[stays.size()];
        Arrays.setAll(order, i -> i);
        if (identity.index().hasSharedIds()) {
            IntArrays.mergeSort(order, this::compare);
        }
    }

    static TableRows of(Run run, Identity identity, Declarations pairs) {
        return new RelationshipStays(run, identity, pairs).table();
    }

    private StateStays stays() {
        int n = pairs.pairs();
        int[] relationship = relationships(n);
        int[] roles = new int[n];
        int[] none = new int[n];
        long[] occurredAt = new long[n];
        long[] numbers = new long[n];
        Arrays.fill(numbers, StateNumbers.NULL);
        Long2IntOpenHashMap rolePairs = new Long2IntOpenHashMap();
        long withoutInstant = 0;
        for (int i = 0; i < n; i++) {
            occurredAt[i] = pairs.occurredAt(i);
            long both = (long) pairs.code("entity_a_role", i) << 32 | (pairs.code("entity_b_role", i) & 0xffff_ffffL);
            int value = rolePairs.computeIfAbsent(both, key -> rolePairs.size());
            roles[i] = pairs.isActive(i) ? value : CodedColumn.NULL;
            if (occurredAt[i] == Instants.NULL) {
                relationship[i] = CodedColumn.NULL;
                withoutInstant++;
            }
        }
        run.unmatched(InputTable.RELATIONSHIP_DECLARATIONS, "stay_without_instant", withoutInstant);
        return StateStays.fromChanges(
                n, relationship, none, occurredAt, roles, numbers, none, pairs::compareAllColumns);
    }

    /** By pair the number of its (a, b, type), in that order. */
    private int[] relationships(int n) {
        int[] idRanks = identity.index().idRanks();
        int[] typeRanks = pairs.codes("relationship_type").rankOfCode();
        int[] a = new int[n];
        int[] b = new int[n];
        int[] type = new int[n];
        int[] sorted = new int[n];
        for (int i = 0; i < n; i++) {
            a[i] = idRanks[pairs.ordinalA(i)];
            b[i] = idRanks[pairs.ordinalB(i)];
            type[i] = typeRanks[pairs.code("relationship_type", i)];
            sorted[i] = i;
        }
        RowSort.sort(sorted, 0, n, type);
        RowSort.sort(sorted, 0, n, b);
        RowSort.sort(sorted, 0, n, a);
        int[] numbers = new int[n];
        int number = 0;
        for (int i = 1; i < n; i++) {
            int x = sorted[i - 1];
            int y = sorted[i];
            number += a[x] == a[y] && b[x] == b[y] && type[x] == type[y] ? 0 : 1;
            numbers[y] = number;
        }
        return numbers;
    }

    private int pair(int i) {
        return stays.row(order[i]);
    }

    private TableRows table() {
        IntUnaryOperator entityA = i -> pairs.ordinalA(pair(i));
        IntUnaryOperator entityB = i -> pairs.ordinalB(pair(i));
        List<OutputColumn> columns = List.of(
                OutputColumn.id(
                        run.config().ids(), "relationship_id", (i, out) -> pairs.appendRelationshipId(pair(i), out)),
                identity.columns().id("entity_a_id", entityA),
                identity.columns().id("entity_b_id", entityB),
                code("relationship_type"),
                code("entity_a_role"),
                code("entity_b_role"),
                OutputColumn.instant("valid_from", i -> stays.enteredAt(order[i])),
                OutputColumn.instant("valid_to", i -> stays.exitedAt(order[i])),
                OutputColumn.flag("is_current", i -> stays.exitedAt(order[i]) == Instants.NULL ? 1 : 0),
                OutputColumn.text(
                        "relationship_declaration_id", (i, out) -> pairs.copyDeclarationIdTo(pair(i), out.text)));
        return new SelectedRows(order.length, pairs.withKeys(columns, entityA, entityB));
    }

    private OutputColumn code(String name) {
        CodedColumn column = pairs.codes(name);
        return OutputColumn.text(name, (i, out) -> column.copyTo(pairs.code(name, pair(i)), out.text));
    }

    /** By both ids, type and instant, then by the remaining columns: entities of two types may share an id. */
    private int compare(int i, int j) {
        int p = stays.row(i);
        int q = stays.row(j);
        EntityIndex index = identity.index();
        int result = index.compareIdsOnly(pairs.ordinalA(p), pairs.ordinalA(q));
        result = result != 0 ? result : index.compareIdsOnly(pairs.ordinalB(p), pairs.ordinalB(q));
        result = result != 0 ? result : compareCodes("relationship_type", p, q);
        result = result != 0 ? result : Long.compare(stays.enteredAt(i), stays.enteredAt(j));
        result = result != 0 ? result : compareCodes("entity_a_role", p, q);
        result = result != 0 ? result : compareCodes("entity_b_role", p, q);
        result = result != 0 ? result : Instants.compare(stays.exitedAt(i), stays.exitedAt(j));
        result = result != 0 ? result : pairs.compareDeclarationIds(p, q);
        result = result != 0 ? result : Integer.compare(pairs.ordinalA(p), pairs.ordinalA(q));
        return result != 0 ? result : Integer.compare(pairs.ordinalB(p), pairs.ordinalB(q));
    }

    private int compareCodes(String column, int p, int q) {
        return pairs.codes(column).compareCodes(pairs.code(column, p), pairs.code(column, q));
    }
}
