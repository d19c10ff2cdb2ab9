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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * {@code nexus_resolution_log}: every identifier that was new or changed its entity, in the order of (epoch, seq). From any
 * id that was ever given out its rows lead to the current one.
 *
 * <p>28 bytes a row while it is read; texts come from the graph.
 */
final class ResolutionLog {
    static final String TABLE = "nexus_resolution_log";

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

    private ResolutionLog() {}

    /** The rows of the epochs after one. */
    static TableRows since(long after, NexusConfig config, Snapshot store, IdentitySnapshot identities)
            throws IOException {
        return between(after, Long.MAX_VALUE, config, store, identities);
    }

    /** The rows of the epochs after one, up to another. */
    static TableRows between(long after, long through, NexusConfig config, Snapshot store, IdentitySnapshot identities)
            throws IOException {
        ResolutionLog log = new ResolutionLog();
        for (IdentityFrames.Reading reading : IdentityFrames.all(store)) {
            if (reading.epoch() > after && reading.epoch() <= through) {
                log.add(reading.read(), identities);
            }
        }
        return log.rows(config, identities);
    }

    private void add(IdentityFrames.Frame frame, IdentitySnapshot identities) {
        for (int row = 0; row < frame.rows(); row++) {
            if (frame.reason(row) != ChangeReason.REOBSERVED) {
                node.add(frame.node[row]);
                entity.add(frame.entity[row]);
                previous.add(frame.previous[row]);
                reason.add(Objects.requireNonNull(REASONS.get(frame.reason(row))));
                watermark.add(frame.watermarks[identities.typeOfNode(frame.node[row])]);
                epoch.add(frame.epoch);
                seq.add(frame.rowsBefore + row);
            }
        }
    }

    private TableRows rows(NexusConfig config, IdentitySnapshot identities) {
        List<String> types = StoredIdentity.resolvedTypes(config);
        List<byte[]> typeNames = types.stream().map(Bytes::of).toList();
        List<byte[]> prefixes = types.stream()
                .map(type -> Bytes.of(config.entityType(type).orElseThrow().prefix() + "_"))
                .toList();
        OutputColumn.TextCell id = (row, out) -> {
            int type = identities.typeOfNode(node.getInt(row));
            out.key
                    .start()
                    .add(typeNames.get(type))
                    .add(identities.identifierType(node.getInt(row)))
                    .add(identities.value(node.getInt(row)));
            out.key.addId(prefixes.get(type), identities.high(entity.getInt(row)), identities.low(entity.getInt(row)));
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
                                (row, out) -> out.text.append(typeNames.get(identities.typeOfNode(node.getInt(row))))),
                        OutputColumn.text(
                                "identifier_type",
                                (row, out) -> out.text.append(identities.identifierType(node.getInt(row)))),
                        OutputColumn.text(
                                "identifier_value", (row, out) -> out.text.append(identities.value(node.getInt(row)))),
                        OutputColumn.id(
                                config.ids(),
                                "entity_id",
                                (row, out) ->
                                        StoredResolutions.appendId(config, types, identities, entity.getInt(row), out)),
                        OutputColumn.id(config.ids(), "previous_entity_id", (row, out) -> {
                            if (previous.getInt(row) < 0) {
                                out.appendNullId();
                            } else {
                                StoredResolutions.appendId(config, types, identities, previous.getInt(row), out);
                            }
                        }),
                        OutputColumn.text("resolution_reason", (row, out) -> out.text.append(reason.get(row))),
                        OutputColumn.instant("resolved_at_watermark", watermark::getLong),
                        OutputColumn.integer("epoch", epoch::getLong),
                        OutputColumn.integer("seq", row -> seq.getInt(row))));
    }
}
