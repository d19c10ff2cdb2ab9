package io.nexusid.arrow;

import io.nexusid.api.IdForm;
import io.nexusid.api.InputTable;
import io.nexusid.api.OutputTable;
import io.nexusid.api.SurrogateKey;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.graph.Relationships;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Relationship declarations with both ends resolved, and the relationships that follow from them. One declaration gives
 * one resolved row per pair of entities that own its ends; more than one only where a registered source id is shared.
 */
final class Declarations implements AutoCloseable {
    private static final int NONE = -1;

    /** One end of every declaration. */
    private final class End {
        final CodedColumn type = new CodedColumn(run.entityTypes());
        final CodedColumn identifierType = new CodedColumn(run.identifierTypes());
        final IntArrayList owner = new IntArrayList();
        /** Each end has its own, because both are looked up side by side. */
        private final IdentifierOwners owners = new IdentifierOwners(run, identity);

        private final String side;

        End(String side) {
            this.side = side;
        }

        void request(LoadedTable.Request request) {
            request.codes("entity_" + side + "_type", type)
                    .codes("entity_" + side + "_identifier_type", identifierType)
                    .each("entity_" + side + "_identifier", this::addOwners)
                    .codes("entity_" + side + "_role");
        }

        private void addOwners(TextBlock block) {
            owners.add(type.codes(), identifierType.codes(), owner.size(), block, owner, -1);
        }
    }

    private final Identity identity;
    private final Run run;
    private final IdentifierOwners owners;
    private final LoadedTable table;
    private final End a;
    private final End b;
    private final IntArrayList rowOfPair = new IntArrayList();
    private final IntArrayList ordinalA = new IntArrayList();
    private final IntArrayList ordinalB = new IntArrayList();

    private Declarations(Run run, Identity identity) throws IOException {
        this.run = run;
        this.identity = identity;
        this.owners = new IdentifierOwners(run, identity);
        this.a = new End("a");
        this.b = new End("b");
        LoadedTable.Request request = LoadedTable.of(InputTable.RELATIONSHIP_DECLARATIONS)
                .texts("relationship_declaration_id", "event_id")
                .instants("occurred_at");
        a.request(request);
        b.request(request);
        this.table = request.codes("relationship_type", "relationship_direction", "source")
                .flags("is_active")
                .load(run);
        resolve();
    }

    static Declarations resolve(Run run, Identity identity) throws IOException {
        return new Declarations(run, identity);
    }

    private void resolve() {
        long unresolved = 0;
        for (int row = 0; row < table.rows(); row++) {
            int declaration = row;
            int before = rowOfPair.size();
            owners.forEach(
                    a.owner.getInt(row),
                    left -> owners.forEach(b.owner.getInt(declaration), right -> {
                        rowOfPair.add(declaration);
                        ordinalA.add(left);
                        ordinalB.add(right);
                    }));
            if (rowOfPair.size() == before) {
                unresolved++;
            }
        }
        run.unmatched(InputTable.RELATIONSHIP_DECLARATIONS, "unresolved_end", unresolved);
    }

    private int row(int pair) {
        return rowOfPair.getInt(pair);
    }

    /** {@link OutputTable#RESOLVED_RELATIONSHIP_DECLARATIONS}. */
    TableRows resolvedDeclarations() {
        int[] order = new int[rowOfPair.size()];
        Arrays.setAll(order, i -> i);
        IntArrays.quickSort(order, this::compareAllColumns);
        IntUnaryOperator entityA = i -> ordinalA.getInt(order[i]);
        IntUnaryOperator entityB = i -> ordinalB.getInt(order[i]);
        List<OutputColumn> columns = List.of(
                text("relationship_declaration_id", order),
                text("event_id", order),
                OutputColumn.instant("occurred_at", i -> table.instants("occurred_at")[row(order[i])]),
                identity.columns().id("entity_a_id", entityA),
                code("entity_a_type", a.type, order),
                code("entity_a_role", table.codes("entity_a_role"), order),
                identity.columns().id("entity_b_id", entityB),
                code("entity_b_type", b.type, order),
                code("entity_b_role", table.codes("entity_b_role"), order),
                code("relationship_type", table.codes("relationship_type"), order),
                code("relationship_direction", table.codes("relationship_direction"), order),
                OutputColumn.flag("is_active", i -> table.flags("is_active")[row(order[i])]),
                code("source", table.codes("source"), order));
        return new SelectedRows(order.length, withKeys(columns, entityA, entityB));
    }

    /** The columns, and behind them the keys of both ends if the run is to have them. */
    List<OutputColumn> withKeys(List<OutputColumn> columns, IntUnaryOperator ofA, IntUnaryOperator ofB) {
        return identity.columns()
                .withKeys(
                        columns,
                        new EntityColumns.Key("entity_a_key", ofA),
                        new EntityColumns.Key("entity_b_key", ofB));
    }

    private OutputColumn text(String name, int[] order) {
        TextColumn column = table.texts(name);
        return OutputColumn.text(name, (i, out) -> column.copyTo(row(order[i]), out.text));
    }

    private OutputColumn code(String name, CodedColumn column, int[] order) {
        return OutputColumn.text(name, (i, out) -> column.copyTo(column.code(row(order[i])), out.text));
    }

    /** Number of pairs: declarations with both ends known, repeated where an end is shared. */
    int pairs() {
        return rowOfPair.size();
    }

    int ordinalA(int pair) {
        return ordinalA.getInt(pair);
    }

    int ordinalB(int pair) {
        return ordinalB.getInt(pair);
    }

    long occurredAt(int pair) {
        return table.instants("occurred_at")[row(pair)];
    }

    /** Whether the declaration says that the relationship holds, which it does if it says nothing. */
    boolean isActive(int pair) {
        return table.flags("is_active")[row(pair)] != 0;
    }

    /** The code in a column that is kept as codes. */
    int code(String column, int pair) {
        return table.codes(column).code(row(pair));
    }

    CodedColumn codes(String column) {
        return table.codes(column);
    }

    int compareDeclarationIds(int p, int q) {
        return table.texts("relationship_declaration_id").compare(row(p), row(q));
    }

    void copyDeclarationIdTo(int pair, TextAppender out) {
        table.texts("relationship_declaration_id").copyTo(row(pair), out);
    }

    /** Appends the id of the relationship that a pair is about. */
    void appendRelationshipId(int pair, OutputColumn.Scratch out) {
        CodedColumn types = table.codes("relationship_type");
        identity.index().addId(ordinalA(pair), out.key.start());
        identity.index().addId(ordinalB(pair), out.key).add(types.bytes(types.code(row(pair))));
        out.appendId(Bytes.RELATIONSHIP_PREFIX);
    }

    /** By declaration id, then all other columns: ids given twice stay in a fixed order. */
    int compareAllColumns(int p, int q) {
        int x = row(p);
        int y = row(q);
        int order = table.texts("relationship_declaration_id").compare(x, y);
        order = order != 0 ? order : table.texts("event_id").compare(x, y);
        order = order != 0
                ? order
                : Instants.compare(table.instants("occurred_at")[x], table.instants("occurred_at")[y]);
        order = order != 0 ? order : identity.index().compareIds(ordinalA.getInt(p), ordinalA.getInt(q));
        order = order != 0 ? order : compareCodes(a.type, x, y);
        order = order != 0 ? order : compareCodes(table.codes("entity_a_role"), x, y);
        order = order != 0 ? order : identity.index().compareIds(ordinalB.getInt(p), ordinalB.getInt(q));
        order = order != 0 ? order : compareCodes(b.type, x, y);
        return order != 0 ? order : compareRest(x, y);
    }

    /** By both ids, the type, and then the columns that tell pairs of one key apart. */
    private int compareByIds(int p, int q) {
        EntityIndex index = identity.index();
        int order = index.compareIdsOnly(ordinalA.getInt(p), ordinalA.getInt(q));
        order = order != 0 ? order : index.compareIdsOnly(ordinalB.getInt(p), ordinalB.getInt(q));
        order = order != 0 ? order : compareCodes(table.codes("relationship_type"), row(p), row(q));
        order = order != 0 ? order : compareCodes(a.type, row(p), row(q));
        order = order != 0 ? order : compareCodes(table.codes("entity_a_role"), row(p), row(q));
        return order != 0 ? order : compareCodes(b.type, row(p), row(q));
    }

    private int compareRest(int x, int y) {
        int order = compareCodes(table.codes("entity_b_role"), x, y);
        order = order != 0 ? order : compareCodes(table.codes("relationship_type"), x, y);
        order = order != 0 ? order : compareCodes(table.codes("relationship_direction"), x, y);
        order = order != 0 ? order : compareFlags(table.flags("is_active")[x], table.flags("is_active")[y]);
        return order != 0 ? order : compareCodes(table.codes("source"), x, y);
    }

    private static int compareFlags(int x, int y) {
        return x < 0 || y < 0 ? Boolean.compare(x < 0, y < 0) : Integer.compare(x, y);
    }

    private static int compareCodes(CodedColumn column, int x, int y) {
        return column.compareCodes(column.code(x), column.code(y));
    }

    /** The relationships: the latest declaration of each (a, b, type). */
    Current current() {
        int n = rowOfPair.size();
        int[] idRanks = identity.index().idRanks();
        int[] left = new int[n];
        int[] right = new int[n];
        int[] type = new int[n];
        long[] occurredAt = new long[n];
        int[] typeRanks = table.codes("relationship_type").rankOfCode();
        for (int i = 0; i < n; i++) {
            left[i] = idRanks[ordinalA.getInt(i)];
            right[i] = idRanks[ordinalB.getInt(i)];
            type[i] = typeRanks[table.codes("relationship_type").code(row(i))];
            occurredAt[i] = table.instants("occurred_at")[row(i)];
        }
        return new Current(Relationships.compute(n, left, right, type, occurredAt, this::compareAllColumns));
    }

    /** The relationships as they stand, sorted by (a, b, type). */
    final class Current {
        private final Relationships rows;

        /** Null unless entities share an id: rows come sorted by (id, type) of both ends. */
        private final int @Nullable [] order;

        private Current(Relationships rows) {
            this.rows = rows;
            this.order = identity.index().hasSharedIds() ? sortedByIds() : null;
        }

        private int[] sortedByIds() {
            int[] sorted = new int[rows.size()];
            Arrays.setAll(sorted, i -> i);
            IntArrays.mergeSort(sorted, (x, y) -> compareByIds(rows.row(x), rows.row(y)));
            return sorted;
        }

        /** The winning pair of row {@code i}. */
        private int pair(int i) {
            return rows.row(SharedIds.row(order, i));
        }

        int size() {
            return rows.size();
        }

        int ordinalA(int i) {
            return ordinalA.getInt(pair(i));
        }

        int ordinalB(int i) {
            return ordinalB.getInt(pair(i));
        }

        boolean isMembership(int i) {
            int code = table.codes("relationship_type").code(row(pair(i)));
            return table.codes("relationship_type").text(code).equals("membership");
        }

        private OutputColumn code(String name, CodedColumn column) {
            return OutputColumn.text(name, (i, out) -> column.copyTo(column.code(row(pair(i))), out.text));
        }

        private void appendRelationshipId(int i, OutputColumn.Scratch out) {
            Declarations.this.appendRelationshipId(pair(i), out);
        }

        /** {@link OutputTable#RELATIONSHIPS}. */
        TableRows relationships() {
            OutputColumn.LongCell latest = i -> table.instants("occurred_at")[row(pair(i))];
            List<OutputColumn> columns = List.of(
                    OutputColumn.id(run.config().ids(), "relationship_id", this::appendRelationshipId),
                    identity.columns().id("entity_a_id", this::ordinalA),
                    code("entity_a_type", a.type),
                    code("entity_a_role", table.codes("entity_a_role")),
                    identity.columns().id("entity_b_id", this::ordinalB),
                    code("entity_b_type", b.type),
                    code("entity_b_role", table.codes("entity_b_role")),
                    code("relationship_type", table.codes("relationship_type")),
                    code("relationship_direction", table.codes("relationship_direction")),
                    OutputColumn.flag("is_active", i -> table.flags("is_active")[row(pair(i))]),
                    OutputColumn.instant("established_at", latest),
                    OutputColumn.instant("last_updated_at", latest),
                    code("primary_source", table.codes("source")),
                    OutputColumn.instant("_processed_at", i -> run.now()),
                    OutputColumn.instant("_updated_at", i -> rows.updatedAt(SharedIds.row(order, i))),
                    OutputColumn.instant("_created_at", i -> rows.createdAt(SharedIds.row(order, i))));
            return new SelectedRows(size(), withKeys(columns, this::ordinalA, this::ordinalB));
        }

        /** {@link OutputTable#MEMBERSHIPS}: relationships of type membership between one person and one group. */
        TableRows memberships() {
            Memberships view = new Memberships(this);
            return view.rows();
        }
    }

    /** The older view of memberships. */
    private final class Memberships {
        private final Current current;
        private final int[] order;
        private final long[] high;
        private final long[] low;

        Memberships(Current current) {
            this.current = current;
            this.high = new long[current.size()];
            this.low = new long[current.size()];
            IntArrayList kept = new IntArrayList();
            SurrogateKey key = new SurrogateKey();
            for (int i = 0; i < current.size(); i++) {
                if (current.isMembership(i) && person(i) >= 0 && group(i) >= 0) {
                    identity.index().addId(person(i), key.start());
                    identity.index().addId(group(i), key).finish();
                    high[i] = key.high();
                    low[i] = key.low();
                    kept.add(i);
                }
            }
            order = kept.toIntArray();
            IntArrays.mergeSort(order, this::compare);
        }

        /** By membership id; a pair declared in both directions has one id and two rows, in relationship id order. */
        private int compare(int i, int j) {
            int byId = Long.compareUnsigned(high[i], high[j]);
            byId = byId != 0 ? byId : Long.compareUnsigned(low[i], low[j]);
            return byId != 0 ? byId : Arrays.compareUnsigned(relationshipKey(i), relationshipKey(j));
        }

        private byte[] relationshipKey(int i) {
            OutputColumn.Scratch scratch = new OutputColumn.Scratch();
            scratch.text.begin(1);
            current.appendRelationshipId(i, scratch);
            return Arrays.copyOf(scratch.text.room(0), scratch.text.position());
        }

        private boolean isType(int ordinal, String type) {
            return identity.index().typeName(ordinal).equals(type);
        }

        private int side(int i, String type) {
            if (isType(current.ordinalA(i), type)) {
                return current.ordinalA(i);
            }
            return isType(current.ordinalB(i), type) ? current.ordinalB(i) : NONE;
        }

        private int person(int i) {
            return side(i, "person");
        }

        private int group(int i) {
            return side(i, "group");
        }

        TableRows rows() {
            CodedColumn roleA = table.codes("entity_a_role");
            CodedColumn roleB = table.codes("entity_b_role");
            CodedColumn sources = table.codes("source");
            IdForm ids = run.config().ids();
            IntUnaryOperator person = r -> person(order[r]);
            IntUnaryOperator group = r -> group(order[r]);
            List<OutputColumn> columns = List.of(
                    OutputColumn.id(
                            ids,
                            "membership_id",
                            (r, out) -> out.appendId(Bytes.MEMBERSHIP_PREFIX, high[order[r]], low[order[r]])),
                    OutputColumn.id(ids, "relationship_id", (r, out) -> current.appendRelationshipId(order[r], out)),
                    identity.columns().id("person_id", person),
                    identity.columns().id("group_id", group),
                    OutputColumn.text("role", (r, out) -> {
                        int row = row(current.pair(order[r]));
                        CodedColumn role = isType(current.ordinalA(order[r]), "person") ? roleA : roleB;
                        role.copyTo(role.code(row), out.text);
                    }),
                    OutputColumn.text(
                            "source", (r, out) -> sources.copyTo(sources.code(row(current.pair(order[r]))), out.text)),
                    OutputColumn.instant(
                            "occurred_at", r -> table.instants("occurred_at")[row(current.pair(order[r]))]),
                    OutputColumn.constant("realtime_processed", false));
            return new SelectedRows(
                    order.length,
                    identity.columns()
                            .withKeys(
                                    columns,
                                    new EntityColumns.Key("person_key", person),
                                    new EntityColumns.Key("group_key", group)));
        }
    }

    @Override
    public void close() {
        table.close();
    }
}
