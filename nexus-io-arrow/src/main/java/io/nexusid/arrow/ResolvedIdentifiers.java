package io.nexusid.arrow;

import io.nexusid.api.EntityType;
import io.nexusid.api.IdForm;
import io.nexusid.arrow.format.RowReader;
import io.nexusid.graph.Entities;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;

/** {@code nexus_resolved_<type>_identifiers} and {@code nexus_entity_identifiers_to_entity_id}. */
final class ResolvedIdentifiers {
    private static final int NONE = -1;

    private final Run run;
    private final Identity identity;
    /** The identifier type's name by kind. */
    private final byte[][] typeOfKind;

    ResolvedIdentifiers(Run run, Identity identity) {
        this.run = run;
        this.identity = identity;
        this.typeOfKind = new byte[identity.rows().kinds().size()][];
        for (int kind = 0; kind < typeOfKind.length; kind++) {
            typeOfKind[kind] =
                    run.identifierTypeNames().bytes(identity.rows().kinds().identifierType(kind));
        }
    }

    /** The table of one resolved type: sorted by entity id, then identifier. */
    TableRows ofType(EntityType type, NodeResolutions resolutions) {
        Entities entities = identity.entities();
        int index = identity.resolvedTypes().indexOf(type.name());
        int from = entities.count() == 0 ? 0 : entities.firstOfType(index);
        int end = entities.count() == 0 ? 0 : entities.endOfType(index);
        int first = from == end ? 0 : entities.membersFrom(from);
        int rowCount = from == end ? 0 : entities.membersTo(end - 1) - first;
        byte[] prefix = Bytes.of(type.identifierPrefix() + "_");
        EntityIndex entityIndex = identity.index();
        IdForm ids = run.config().ids();
        return new SelectedRows(rowCount, () -> {
            Batch batch = new Batch(first, resolutions);
            List<OutputColumn> columns = List.of(
                    OutputColumn.id(ids, type.name() + "_identifier_id", (row, out) -> {
                        entityIndex.addId(batch.ordinal(row), out.key.start());
                        out.key.add(typeOfKind[batch.kind(row)]);
                        batch.values.addTo(batch.at(row), out.key);
                        out.appendId(prefix);
                    }),
                    identity.columns().id(type.name() + "_id", batch::ordinal),
                    OutputColumn.text("event_id", (row, out) -> batch.events.copyTo(batch.at(row), out.text)),
                    OutputColumn.text("identifier_type", (row, out) -> out.text.append(typeOfKind[batch.kind(row)])),
                    OutputColumn.text("identifier_value", (row, out) -> batch.values.copyTo(batch.at(row), out.text)),
                    OutputColumn.constant("realtime_processed", false),
                    OutputColumn.constant("existing_" + type.name(), true),
                    OutputColumn.text(
                            "resolution_reason", (row, out) -> out.text.append(resolutions.reason(batch.node(row)))),
                    OutputColumn.id(
                            ids, "previous_entity_id", (row, out) -> resolutions.appendPrevious(batch.node(row), out)),
                    OutputColumn.instant(
                            "resolved_at_watermark", row -> resolutions.watermark(batch.node(row), batch.kind(row))));
            EntityColumns.Key key = new EntityColumns.Key(type.name() + "_key", batch::ordinal);
            return new SelectedRows.Columns(identity.columns().withKeys(columns, key), batch);
        });
    }

    /** What the columns of one batch share, fetched once: nodes come by entity, so their keys lie anywhere. */
    private final class Batch implements SelectedRows.BatchHook {
        private final NodeResolutions resolutions;
        private final int firstMember;
        private final int[] nodes = new int[RowReader.MAX_BATCH_ROWS];
        private final int[] ordinals = new int[RowReader.MAX_BATCH_ROWS];
        private final int[] kinds = new int[RowReader.MAX_BATCH_ROWS];
        private final int[] eventCodes = new int[RowReader.MAX_BATCH_ROWS];
        final TextAppender values = new TextAppender();
        final TextAppender events = new TextAppender();
        private int from;

        Batch(int firstMember, NodeResolutions resolutions) {
            this.resolutions = resolutions;
            this.firstMember = firstMember;
        }

        @Override
        public void prepare(int start, int count) {
            from = start;
            for (int i = 0; i < count; i++) {
                nodes[i] = identity.entities().member(firstMember + start + i);
            }
            for (int i = 0; i < count; i++) {
                ordinals[i] = identity.ordinalOfNode(nodes[i]);
            }
            values.begin(count).appendAll(identity.rows().nodes(), nodes, count);
            for (int i = 0; i < count; i++) {
                kinds[i] = identity.rows().nodes().kind(nodes[i]);
            }
            for (int i = 0; i < count; i++) {
                eventCodes[i] = resolutions.event(nodes[i]);
            }
            events.begin(count).appendAll(resolutions.events(), eventCodes, count);
        }

        int at(int row) {
            return row - from;
        }

        int node(int row) {
            return nodes[row - from];
        }

        int kind(int row) {
            return kinds[row - from];
        }

        int ordinal(int row) {
            return ordinals[row - from];
        }
    }

    private byte[] identifierType(int node) {
        return typeOfKind[identity.rows().nodes().kind(node)];
    }

    /** One row of the lookup: an identifier (a node, or a registered source id under a type name) and its entity. */
    private static final class LookupRows {
        final IntArrayList node = new IntArrayList();
        final IntArrayList ordinal = new IntArrayList();
        /** The registrations' link whose source id the row is, or -1 where it is a node. */
        final IntArrayList sourceIdOf = new IntArrayList();

        void add(int nodeOrNone, int entityOrdinal, int registration) {
            node.add(nodeOrNone);
            ordinal.add(entityOrdinal);
            sourceIdOf.add(registration);
        }
    }

    /** The lookup table: every identifier of every entity. */
    TableRows lookup() {
        LookupRows lookup = new LookupRows();
        IdentifierRows rows = identity.rows();
        for (int node = 0; node < rows.nodes().size(); node++) {
            int ordinal = identity.ordinalOfNode(node);
            if (ordinal >= 0) {
                lookup.add(node, ordinal, NONE);
            }
        }
        addRegistered(lookup);
        int[] order = new int[lookup.node.size()];
        Arrays.setAll(order, i -> i);
        Lookup view = new Lookup(lookup);
        IntArrays.quickSort(order, view::compare);
        int distinct = 0;
        for (int i = 0; i < order.length; i++) {
            if (i == 0 || !view.same(order[i - 1], order[i])) {
                order[distinct++] = order[i];
            }
        }
        IntUnaryOperator entity = row -> lookup.ordinal.getInt(order[row]);
        List<OutputColumn> columns = List.of(
                identity.columns().id("identifier_id", entity),
                OutputColumn.text("identifier_type", (row, out) -> out.text.append(view.type(order[row]))),
                OutputColumn.text("identifier_value", (row, out) -> out.text.append(view.value(order[row]))),
                identity.columns().id("entity_id", entity),
                OutputColumn.text(
                        "entity_type", (row, out) -> identity.index().appendType(entity.applyAsInt(row), out)));
        return new SelectedRows(
                distinct, identity.columns().withKeys(columns, new EntityColumns.Key("entity_key", entity)));
    }

    /** Registered source ids, and the identifiers that were observed with such a value. */
    private void addRegistered(LookupRows lookup) {
        Registrations registrations = identity.registrations();
        IdentifierRows rows = identity.rows();
        for (int link = 0; link < registrations.links(); link++) {
            lookup.add(NONE, identity.index().ofRegistration(registrations.entityOfLink(link)), link);
        }
        if (registrations.links() == 0) {
            return;
        }
        for (int node = 0; node < rows.nodes().size(); node++) {
            byte[] value = rows.nodes().bytes(node);
            int type = rows.kinds().entityType(rows.nodes().kind(node));
            for (int link = registrations.first(type, value, 0, value.length);
                    link >= 0;
                    link = registrations.next(link)) {
                lookup.add(node, identity.index().ofRegistration(registrations.entityOfLink(link)), NONE);
            }
        }
    }

    private final class Lookup {
        private final LookupRows rows;

        Lookup(LookupRows rows) {
            this.rows = rows;
        }

        byte[] type(int i) {
            int node = rows.node.getInt(i);
            return node >= 0
                    ? identifierType(node)
                    : Bytes.of(identity.index().typeName(rows.ordinal.getInt(i)) + "_id");
        }

        byte[] value(int i) {
            int node = rows.node.getInt(i);
            if (node >= 0) {
                return identity.rows().nodes().bytes(node);
            }
            Registrations registrations = identity.registrations();
            int link = rows.sourceIdOf.getInt(i);
            return Objects.requireNonNull(registrations.sourceId().bytes(registrations.rowOfLink(link)));
        }

        /** By entity type, identifier type, identifier value, entity id. */
        int compare(int a, int b) {
            int ordinalA = rows.ordinal.getInt(a);
            int ordinalB = rows.ordinal.getInt(b);
            int order = identity.index().compareTypes(ordinalA, ordinalB);
            int nodeA = rows.node.getInt(a);
            int nodeB = rows.node.getInt(b);
            if (order == 0 && nodeA >= 0 && nodeB >= 0) {
                order = nodeA == nodeB ? 0 : identity.order().compare(nodeA, nodeB);
            } else if (order == 0) {
                order = Arrays.compareUnsigned(type(a), type(b));
                order = order != 0 ? order : Arrays.compareUnsigned(value(a), value(b));
            }
            return order != 0 ? order : Integer.compare(ordinalA, ordinalB);
        }

        boolean same(int a, int b) {
            return rows.ordinal.getInt(a) == rows.ordinal.getInt(b) && compare(a, b) == 0;
        }
    }
}
