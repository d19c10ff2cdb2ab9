package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.arrow.store.Snapshot;
import io.nexusid.graph.IdentitySnapshot;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * One epoch of a store as a whole, and all that can be read of it: rows, properties, who is who and names are of the same
 * moment. Never changes; for any thread.
 *
 * @param config the settings that tables are derived with
 * @param allocator borrowed
 * @param files rows and properties; held until this is closed
 * @param acceptance which rows were taken, read from {@code files}
 * @param identities who is who
 * @param ids what entities are called
 * @param names those that become columns
 */
record StoredEpoch(
        NexusConfig config,
        BufferAllocator allocator,
        Snapshot files,
        StoredAcceptance acceptance,
        IdentitySnapshot identities,
        EntityIds ids,
        List<StoredNames.Name> names)
        implements Closeable {
    private static final String WATERMARK = "watermark.";

    /** The property that has the watermark of a source, in microseconds. */
    static String watermarkOf(String source) {
        return WATERMARK + source;
    }

    /** The same with a hold of its own on the files; you close it. */
    StoredEpoch share() {
        return new StoredEpoch(config, allocator, files.share(), acceptance, identities, ids, names);
    }

    long number() {
        return files.epoch();
    }

    /** By source, the latest {@code _ingested_at} of a row that was taken, whatever its table. Reads no file. */
    Map<String, Instant> watermarks() {
        Map<String, Instant> watermarks = new HashMap<>();
        files.properties().forEach((name, value) -> {
            if (name.startsWith(WATERMARK)) {
                watermarks.put(
                        name.substring(WATERMARK.length()),
                        Instant.EPOCH.plus(Long.parseLong(value), ChronoUnit.MICROS));
            }
        });
        return watermarks;
    }

    /** As {@link NexusStore#tables(Collection)}. The tables hold the files on their own. */
    ResolvedTables tables(Collection<String> wanted) throws IOException {
        return StoredTables.derive(config, files.share(), acceptance, identities, allocator, wanted, null);
    }

    /** As {@link NexusStore#tablesAbout}. The tables hold the files on their own. */
    ResolvedTables tablesAbout(String id, Collection<String> wanted) throws IOException {
        Set<String> derived = new LinkedHashSet<>();
        ChangeKeys.tables(config).forEach(table -> derived.add(table.name()));
        if (!derived.containsAll(wanted)) {
            throw new IllegalArgumentException("not all of " + wanted + " are among " + derived);
        }
        int entity = ids.entity(identities, id);
        return about(wanted, rows -> {
            if (entity != IdentitySnapshot.NONE) {
                rows.entity(entity);
            }
        });
    }

    /** Tables of the rows about some entities, or of all where these do not tell the columns. */
    private ResolvedTables about(Collection<String> wanted, Consumer<RowsAbout> entities) throws IOException {
        WideColumns wide = new WideColumns(config, names);
        boolean whole =
                wanted.stream().anyMatch(name -> !wide.isPlain(name) || name.equals(OutputTable.MEASUREMENT_MOVEMENTS));
        RowsAbout about = whole ? null : StoredTables.about(config, files, acceptance, identities, entities);
        return StoredTables.derive(config, files.share(), acceptance, identities, allocator, wanted, about);
    }

    /** As {@link NexusStore#timelines}. */
    List<EntityTimeline> timelines(String entityType, String identifierType, String value) throws IOException {
        try (ResolvedTables tables =
                about(EntityTimeline.TABLES, rows -> rows.identifier(entityType, identifierType, value))) {
            List<EntityTimeline> timelines = tables.timelines(entityType, identifierType, value);
            Optional<String> id = entityOf(entityType, identifierType, value);
            if (id.isPresent()) {
                try (ArrowReader log = reader(history(id.get()))) {
                    EntityTimeline.addResolutions(timelines, log);
                }
            }
            return timelines;
        }
    }

    /** As {@link NexusStore#historyOf}. The rows need the files no more. */
    TableRows history(String id) throws IOException {
        return ResolutionLog.of(ids.entity(identities, id), config, ids, files, identities);
    }

    /** {@code nexus_resolution_log} of later epochs than this one. The rows need the files no more. */
    TableRows log(long after) throws IOException {
        return ResolutionLog.since(after, config, ids, files, identities);
    }

    /** {@code nexus_resolution_log} of the epochs that an append made. The rows need the files no more. */
    TableRows log(Changes of) throws IOException {
        return ResolutionLog.between(of.after(), of.epoch(), config, ids, files, identities);
    }

    /** {@code nexus_id_aliases}. The rows need the files no more. */
    TableRows aliases() throws IOException {
        return IdAliases.of(config, ids, files, identities);
    }

    /** Streams such rows; you close the reader. */
    ArrowReader reader(TableRows rows) throws IOException {
        return new TableReader(rows, allocator, new Workers(1));
    }

    /** As {@link NexusStore#entityOf}. */
    Optional<String> entityOf(String entityType, String identifierType, String value) {
        int type = ids.resolvedType(entityType);
        return type < 0
                ? Optional.empty()
                : id(identities.entityOf(
                        type,
                        identifierType.getBytes(UTF_8),
                        Normalization.known(config, entityType, identifierType, value)));
    }

    /** As {@link NexusStore#resolve}. */
    Optional<String> resolve(String id) {
        return id(ids.entity(identities, id));
    }

    private Optional<String> id(int entity) {
        return entity == IdentitySnapshot.NONE ? Optional.empty() : Optional.of(ids.text(identities, entity));
    }

    /** As {@link NexusStore#identifiersOf}. */
    List<NexusStore.Identifier> identifiersOf(String id) {
        List<NexusStore.Identifier> identifiers = new ArrayList<>();
        int entity = ids.entity(identities, id);
        if (entity != IdentitySnapshot.NONE) {
            String type = ids.type(identities, entity);
            identities.identifiersOf(
                    entity,
                    node -> identifiers.add(new NexusStore.Identifier(
                            type,
                            new String(identities.identifierType(node), UTF_8),
                            new String(identities.value(node), UTF_8))));
        }
        return identifiers;
    }

    /** Lets go of the files. */
    @Override
    public void close() {
        files.close();
    }
}
