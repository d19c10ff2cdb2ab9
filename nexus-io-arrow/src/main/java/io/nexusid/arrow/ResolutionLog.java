package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.nexusid.api.ChangeReason;
import io.nexusid.api.NexusConfig;
import io.nexusid.arrow.store.Snapshot;
import io.nexusid.graph.IdentitySnapshot;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * {@code nexus_resolution_log}: every identifier that was new or changed its entity, in the order of (epoch, seq). From any
 * id that was ever given out its rows lead to the current one.
 *
 * <p>32 bytes a row while it is read; texts come from the graph.
 */
final class ResolutionLog {
    static final String TABLE = "nexus_resolution_log";

    private static final int NONE = IdentitySnapshot.NONE;
    private static final byte[] PREFIX = "res_".getBytes(US_ASCII);
    private static final Map<ChangeReason, byte[]> REASONS = new EnumMap<>(ChangeReason.class);

    static {
        for (ChangeReason each : ChangeReason.values()) {
            REASONS.put(each, Bytes.of(each.code()));
        }
    }

    private final IntArrayList node = new IntArrayList();
    private final IntArrayList entity = new IntArrayList();
    private final IntArrayList previous = new IntArrayList();
    private final List<byte[]> reason = new ArrayList<>();
    private final LongArrayList watermark = new LongArrayList();
    private final LongArrayList epoch = new LongArrayList();
    private final IntArrayList seq = new IntArrayList();
    private final List<IdentifierNames.Names> names = new ArrayList<>();

    private ResolutionLog() {}

    /** The rows of the epochs after one. */
    static TableRows since(long after, NexusConfig config, EntityIds ids, Snapshot store, IdentitySnapshot identities)
            throws IOException {
        return between(after, Long.MAX_VALUE, config, ids, store, identities);
    }

    /**
     * The rows of all epochs about the identifiers that an entity has now, if there is one. In a store that was rebuilt it
     * reads the identifiers of the generations before.
     */
    static TableRows of(int entity, NexusConfig config, EntityIds ids, Snapshot store, IdentitySnapshot identities)
            throws IOException {
        ResolutionLog log = new ResolutionLog();
        if (entity != NONE) {
            List<IdentityFrames.Reading> readings = IdentityFrames.all(store);
            IdentifierNames names = new IdentifierNames(ids, identities, readings);
            Map<IdentifierNames.Names, BitSet> known = new HashMap<>();
            for (IdentityFrames.Reading reading : readings) {
                IdentifierNames.Names ofEpoch = names.at(reading.epoch());
                BitSet nodes = known.computeIfAbsent(ofEpoch, each -> each.nodesOf(entity));
                log.add(DecidedRows.of(reading, nodes::get), ofEpoch);
            }
        }
        return log.rows(config, ids, identities);
    }

    /** The rows of the epochs after one, up to another. */
    static TableRows between(
            long after, long through, NexusConfig config, EntityIds ids, Snapshot store, IdentitySnapshot identities)
            throws IOException {
        ResolutionLog log = new ResolutionLog();
        List<IdentityFrames.Reading> readings = IdentityFrames.all(store);
        IdentifierNames names = new IdentifierNames(ids, identities, readings);
        for (IdentityFrames.Reading reading : readings) {
            if (reading.epoch() > after && reading.epoch() <= through) {
                log.add(DecidedRows.of(reading, node -> true), names.at(reading.epoch()));
            }
        }
        return log.rows(config, ids, identities);
    }

    private void add(DecidedRows rows, IdentifierNames.Names ofRows) {
        for (int i = 0; i < rows.size(); i++) {
            if (rows.reason(i) != ChangeReason.REOBSERVED) {
                int number = rows.node(i);
                node.add(number);
                entity.add(rows.entity(i));
                previous.add(rows.previous(i));
                reason.add(Objects.requireNonNull(REASONS.get(rows.reason(i))));
                watermark.add(ofRows.isResolved(number) ? rows.watermark(ofRows.typeNumber(number)) : Instants.NULL);
                names.add(ofRows);
                epoch.add(rows.epoch());
                seq.add(rows.seq(i));
            }
        }
    }

    private TableRows rows(NexusConfig config, EntityIds ids, IdentitySnapshot identities) {
        OutputColumn.TextCell id = (row, out) -> {
            IdentifierNames.Names ofRow = names.get(row);
            int number = node.getInt(row);
            out.key
                    .start()
                    .add(ofRow.type(number))
                    .add(ofRow.identifierType(number))
                    .add(ofRow.value(number));
            if (entity.getInt(row) == NONE) {
                out.key.addNull();
            } else {
                ids.addTo(out.key, identities, entity.getInt(row));
            }
            out.key.add(reason.get(row));
            if (watermark.getLong(row) == Instants.NULL) {
                out.key.addNull();
            } else {
                out.key.addTimestamp(config.idDialect(), watermark.getLong(row));
            }
            out.appendId(PREFIX);
        };
        return new SelectedRows(
                node.size(),
                List.of(
                        OutputColumn.id(config.ids(), "resolution_id", id),
                        OutputColumn.text(
                                "entity_type",
                                (row, out) -> out.text.append(names.get(row).type(node.getInt(row)))),
                        OutputColumn.text(
                                "identifier_type",
                                (row, out) -> out.text.append(names.get(row).identifierType(node.getInt(row)))),
                        OutputColumn.text(
                                "identifier_value",
                                (row, out) -> out.text.append(names.get(row).value(node.getInt(row)))),
                        OutputColumn.id(
                                config.ids(),
                                "entity_id",
                                (row, out) -> append(ids, identities, entity.getInt(row), out)),
                        OutputColumn.id(
                                config.ids(),
                                "previous_entity_id",
                                (row, out) -> append(ids, identities, previous.getInt(row), out)),
                        OutputColumn.text("resolution_reason", (row, out) -> out.text.append(reason.get(row))),
                        OutputColumn.instant("resolved_at_watermark", watermark::getLong),
                        OutputColumn.integer("epoch", epoch::getLong),
                        OutputColumn.integer("seq", row -> seq.getInt(row))));
    }

    private static void append(EntityIds ids, IdentitySnapshot identities, int entity, OutputColumn.Scratch out) {
        if (entity == NONE) {
            out.appendNullId();
        } else {
            ids.append(identities, entity, out);
        }
    }
}
