package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.EntityType;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.api.ParticipantIds;
import io.nexusid.graph.ConnectedComponents;
import io.nexusid.graph.EdgeGroups;
import io.nexusid.graph.Entities;
import io.nexusid.graph.EntityNamer;
import io.nexusid.graph.HopLimitedLabels;
import io.nexusid.graph.KeyDictionary;
import io.nexusid.graph.NodeOrder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinTask;
import org.jspecify.annotations.Nullable;

/** Who is who: the answer of the identity stage, which every derived table starts from. */
final class Identity implements AutoCloseable {
    private static final int NONE = -1;

    private final Run run;
    private final IdentifierRows rows;
    private final List<String> resolvedTypes;
    /** Index into {@link #resolvedTypes} by kind, -1 for identifiers of types that are not resolved. */
    private final int[] resolvedTypeOfKind;

    /** By code of a type's name; replaced, never changed, because owners are looked up by several threads. */
    private volatile boolean[] resolvedTypeCodes = new boolean[0];

    private final NodeOrder order;
    private final Entities entities;
    private final Registrations registrations;
    private final EntityIndex index;
    private final EntityColumns columns;
    private final int[] ordinalOfNode;
    private final int[] eventOfNode;
    private final long links;
    private final long identifiers;
    private final long components;
    private final long largestComponent;

    private Identity(Run run, IdentifierRows rows, Stage<IdentifierEvents> events) throws IOException {
        this.run = run;
        this.rows = rows;
        NexusConfig config = run.config();
        this.resolvedTypes = config.entityTypes().stream()
                .filter(EntityType::resolved)
                .map(EntityType::name)
                .toList();
        this.resolvedTypeOfKind = resolvedTypeOfKind();
        KeyDictionary nodes = rows.nodes();
        ForkJoinTask<NodeOrder> sorting = run.workers().submit(() -> NodeOrder.of(nodes, identifierTypeRanks()));
        int[] firstEdges = decidesEvents(run) ? FirstEvents.edges(rows) : new int[0];
        if (!run.wants(OutputTable.EDGES)) {
            rows.forgetEdgeTexts();
        }
        ForkJoinTask<int[]> firstEvents = run.workers().submit(() -> {
            IdentifierEvents seen = events.get();
            return decidesEvents(run) ? FirstEvents.of(rows, seen, firstEdges) : firstEdges;
        });
        EdgeGroups groups = groups();
        ConnectedComponents connected = ConnectedComponents.compute(nodes.size(), groups);
        this.order = Workers.join(sorting);
        boolean capped = config.maxHops() != NexusConfig.UNLIMITED_HOPS;
        int[] labels = capped
                ? HopLimitedLabels.compute(nodes.size(), groups, order.ranks(), config.maxHops())
                : connected.labels();
        StoredResolutions stored = run.stored();
        this.entities = stored != null
                ? stored.entities(run, rows, order, resolvedTypeOfKind, resolvedTypes)
                : EntityNamer.name(
                        nodes,
                        order,
                        resolvedTypeOfKind,
                        resolvedTypes,
                        identifierTypeOfKind(),
                        labels,
                        capped,
                        config.compat().foldsIdCollisions(),
                        run.workers()::forEach);
        this.links = groups.links();
        this.eventOfNode = Workers.join(firstEvents);
        if (!run.wants(OutputTable.EDGES, OutputTable.ENTITIES, OutputTable.PERSONS, OutputTable.GROUPS)) {
            rows.forgetEdges();
        }
        this.identifiers = countIdentifiers();
        ComponentSizes sizes = ComponentSizes.of(connected.labels(), nodes, resolvedTypeOfKind);
        this.components = sizes.count();
        this.largestComponent = sizes.largest();
        this.registrations = Registrations.load(run);
        this.index = EntityIndex.of(config, resolvedTypes, entities, registrations);
        this.columns = new EntityColumns(index, config);
        this.ordinalOfNode = ordinalsOfNodes();
        countUnconfigured();
    }

    /** Whether the ids of edges decide anything, or are written. */
    static boolean needsEdgeTexts(Run run) {
        return decidesEvents(run) || run.wants(OutputTable.EDGES);
    }

    private static boolean decidesEvents(Run run) {
        return run.wantsResolvedIdentifiers() && run.stored() == null;
    }

    private int[] ordinalsOfNodes() {
        int[] ordinalOfEntity = index.ordinalsOfResolved();
        int[] ordinals = new int[rows.nodes().size()];
        for (int node = 0; node < ordinals.length; node++) {
            int entity = entities.ofNode(node);
            ordinals[node] = entity < 0 ? NONE : ordinalOfEntity[entity];
        }
        return ordinals;
    }

    /** Decides who is who. {@code events} is computed meanwhile. */
    static Identity resolve(Run run, IdentifierRows rows, Stage<IdentifierEvents> events) throws IOException {
        return new Identity(run, rows, events);
    }

    private int[] resolvedTypeOfKind() {
        Map<String, Integer> indices = new HashMap<>();
        for (int t = 0; t < resolvedTypes.size(); t++) {
            indices.put(resolvedTypes.get(t), t);
        }
        int[] types = new int[rows.kinds().size()];
        for (int kind = 0; kind < types.length; kind++) {
            String name = new String(run.entityTypeNames().bytes(rows.kinds().entityType(kind)), UTF_8);
            types[kind] = indices.getOrDefault(name, NONE);
        }
        return types;
    }

    /** Edge groups of the resolved types only: links of other types join nothing. */
    private EdgeGroups groups() {
        int n = rows.rows();
        if (Arrays.stream(resolvedTypeOfKind).allMatch(type -> type >= 0)) {
            return EdgeGroups.of(rows.edgeOfRow(), rows.nodeOfRow(), n, rows.edgeCount());
        }
        return EdgeGroups.of(rows.edgeOfRow(), rows.nodeOfRow(), n, rows.edgeCount(), this::isResolved);
    }

    private int[] identifierTypeRanks() {
        CodedColumn names = new CodedColumn(run.identifierTypes());
        int[] rankOfCode = names.rankOfCode();
        int[] ranks = new int[rows.kinds().size()];
        for (int kind = 0; kind < ranks.length; kind++) {
            ranks[kind] = rankOfCode[rows.kinds().identifierType(kind)];
        }
        return ranks;
    }

    private List<byte[]> identifierTypeOfKind() {
        List<byte[]> names = new ArrayList<>();
        for (int kind = 0; kind < rows.kinds().size(); kind++) {
            names.add(run.identifierTypeNames().bytes(rows.kinds().identifierType(kind)));
        }
        return names;
    }

    private long countIdentifiers() {
        long count = 0;
        for (int node = 0; node < rows.nodes().size(); node++) {
            if (isResolved(node)) {
                count++;
            }
        }
        return count;
    }

    private void countUnconfigured() {
        long count = rows.untypedRows();
        NexusConfig config = run.config();
        KeyDictionary types = run.entityTypeNames();
        for (int code = 0; code < types.size(); code++) {
            String name = new String(types.bytes(code), UTF_8);
            if (config.entityType(name).isEmpty()
                    && !registrations.typesInOrder().contains(name)) {
                count += rows.rowsOfType(code);
            }
        }
        run.unmatched(InputTable.ENTITY_IDENTIFIERS, "unconfigured_type", count);
    }

    IdentifierRows rows() {
        return rows;
    }

    NodeOrder order() {
        return order;
    }

    Entities entities() {
        return entities;
    }

    Registrations registrations() {
        return registrations;
    }

    EntityIndex index() {
        return index;
    }

    /** For each node the event of its first edge row; only where resolved identifiers are wanted. Not to be changed. */
    int[] eventOfNode() {
        return eventOfNode;
    }

    /** How tables name the entities. */
    EntityColumns columns() {
        return columns;
    }

    /** How the identifiers came to their entities. */
    NodeResolutions resolutions(IdentifierEvents seen) throws IOException {
        StoredResolutions stored = run.stored();
        return stored != null && run.wantsResolvedIdentifiers()
                ? stored.resolutions(run, rows, resolvedTypeOfKind)
                : NodeResolutions.atOnce(this, seen);
    }

    /** What became of entities, where participants are to keep their ids; else null. */
    @Nullable EntityLives lives() throws IOException {
        StoredResolutions stored = run.stored();
        return stored == null || run.config().participantIds() == ParticipantIds.REBUILD
                ? null
                : stored.lives(run, rows, resolvedTypeOfKind);
    }

    /** The resolved entity types, in configured order. */
    List<String> resolvedTypes() {
        return resolvedTypes;
    }

    /** Whether the entity type of this code (in the run's entity type names) is resolved. */
    boolean isResolvedType(int entityTypeCode) {
        if (entityTypeCode >= 0 && entityTypeCode >= resolvedTypeCodes.length) {
            noteTypeCodes();
        }
        return entityTypeCode >= 0 && resolvedTypeCodes[entityTypeCode];
    }

    /** Other tables may name types that no identifier has. */
    private void noteTypeCodes() {
        boolean[] resolved = new boolean[run.entityTypeNames().size()];
        for (int code = 0; code < resolved.length; code++) {
            resolved[code] =
                    resolvedTypes.contains(new String(run.entityTypeNames().bytes(code), UTF_8));
        }
        resolvedTypeCodes = resolved;
    }

    boolean isResolved(int node) {
        return resolvedTypeOfKind[rows.nodes().kind(node)] >= 0;
    }

    /** The ordinal of the entity that owns this node, or -1. */
    int ordinalOfNode(int node) {
        return node < 0 ? NONE : ordinalOfNode[node];
    }

    long links() {
        return links;
    }

    long identifiers() {
        return identifiers;
    }

    long components() {
        return components;
    }

    long largestComponent() {
        return largestComponent;
    }

    long idCollisions() {
        return (long) entities.idCollisions() + registrations.idCollisions();
    }

    @Override
    public void close() {
        registrations.close();
    }
}
