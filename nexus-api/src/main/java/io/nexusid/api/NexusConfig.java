package io.nexusid.api;

import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything a run can be told. Immutable; built by {@link #builder}, or read from JSON by {@code Nexus.open(Path)}.
 * The empty configuration resolves persons and groups. {@code docs/configuration.md} has the JSON keys.
 */
public final class NexusConfig {
    /** No cap: exact connected components. */
    public static final int UNLIMITED_HOPS = 0;
    /** The cap that the reference ships with. */
    public static final int REFERENCE_HOPS = 5;
    /** Above this many rows the edge table is refused: it grows with the square of an edge group. */
    public static final long DEFAULT_MAX_EDGE_ROWS = 50_000_000L;
    /** Above this many rows the table of snapshots is refused: it grows with the number of periods. */
    public static final long DEFAULT_MAX_SNAPSHOT_ROWS = 50_000_000L;

    private final List<EntityType> entityTypes;
    private final Compat compat;
    private final int maxHops;
    private final ResolveOn resolveOn;
    private final boolean ignoreEmptyIdentifiers;
    private final IdDialect idDialect;
    private final IdForm ids;
    private final boolean surrogateKeys;
    private final Set<String> internalEmails;
    private final GapMode gapMode;
    private final DeltaMode deltaMode;
    private final StayPolicy stayPolicy;
    private final boolean coalesceUnchanged;
    private final AsOfTie asOfTie;
    private final List<SnapshotDiffSpec> snapshotDiffs;
    private final List<StateSpec> states;
    private final List<DerivedStateSpec> derivedStates;
    private final DerivedTies derivedTies;
    private final List<PeriodRange> periods;
    private final long maxSnapshotRows;
    private final @Nullable Instant stateEventsFrom;
    private final @Nullable Instant stateEventsTo;
    private final Aggregator defaultAggregator;
    private final Map<String, Aggregator> aggregators;
    private final boolean lenientBooleans;
    private final Map<FaultCode, FaultPolicy> faults;
    private final @Nullable Instant clock;
    private final int threads;
    private final long maxEdgeRows;
    private final IdPolicy idPolicy;
    private final Survivor survivor;
    private final Set<String> pinnedIds;
    private final ParticipantIds participantIds;
    private final int keepEpochs;

    private NexusConfig(Builder b) {
        boolean parity = b.compat != Compat.NONE;
        this.entityTypes = List.copyOf(b.entityTypes);
        this.compat = b.compat;
        this.maxHops = b.maxHops != null ? b.maxHops : parity ? REFERENCE_HOPS : UNLIMITED_HOPS;
        this.resolveOn = b.resolveOn;
        this.ignoreEmptyIdentifiers = b.ignoreEmptyIdentifiers != null ? b.ignoreEmptyIdentifiers : !parity;
        this.idDialect = b.idDialect;
        this.ids = b.ids;
        this.surrogateKeys = b.surrogateKeys;
        this.internalEmails = Set.copyOf(b.internalEmails);
        this.gapMode = b.gapMode != null ? b.gapMode : parity ? GapMode.COMPAT : GapMode.CLOSE;
        this.deltaMode = b.deltaMode != null ? b.deltaMode : parity ? DeltaMode.COMPAT : DeltaMode.CONSERVING;
        this.stayPolicy = b.stayPolicy;
        this.coalesceUnchanged = b.coalesceUnchanged;
        this.asOfTie = b.asOfTie;
        this.snapshotDiffs = List.copyOf(b.snapshotDiffs);
        this.states = List.copyOf(b.states);
        this.derivedStates = List.copyOf(b.derivedStates);
        this.derivedTies =
                b.derivedTies != null ? b.derivedTies : parity ? DerivedTies.SEQUENTIAL : DerivedTies.GROUPED;
        this.periods = List.copyOf(b.periods);
        this.maxSnapshotRows = b.maxSnapshotRows;
        this.stateEventsFrom = b.stateEventsFrom;
        this.stateEventsTo = b.stateEventsTo;
        this.defaultAggregator = b.defaultAggregator;
        this.aggregators = Map.copyOf(b.aggregators);
        this.lenientBooleans = b.lenientBooleans;
        EnumMap<FaultCode, FaultPolicy> policies = new EnumMap<>(FaultCode.class);
        policies.put(FaultCode.BLANK_IDENTIFIER, FaultPolicy.SET_ASIDE);
        policies.putAll(b.faults);
        this.faults = policies;
        this.clock = b.clock;
        this.threads = b.threads;
        this.maxEdgeRows = b.maxEdgeRows;
        this.idPolicy = b.idPolicy;
        this.survivor = b.survivor;
        this.pinnedIds = Set.copyOf(b.pinnedIds);
        this.participantIds = b.participantIds;
        this.keepEpochs = b.keepEpochs;
        checkEntityTypes();
        checkPinnedIds(b.pinnedIds);
        checkStates();
        if (stateEventsFrom != null && stateEventsTo != null && !stateEventsFrom.isBefore(stateEventsTo)) {
            throw new NexusConfigException("/state_events_to", "is not after state_events_from");
        }
    }

    /** The configuration with nothing set. */
    public static NexusConfig defaults() {
        return builder().build();
    }

    /** The configuration that reproduces the reference. */
    public static NexusConfig of(Compat compat) {
        return builder().compat(compat).build();
    }

    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder with everything set as it is here. */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.entityTypes = entityTypes;
        b.compat = compat;
        b.maxHops = maxHops;
        b.resolveOn = resolveOn;
        b.ignoreEmptyIdentifiers = ignoreEmptyIdentifiers;
        b.idDialect = idDialect;
        b.ids = ids;
        b.surrogateKeys = surrogateKeys;
        b.internalEmails = internalEmails;
        b.gapMode = gapMode;
        b.deltaMode = deltaMode;
        b.stayPolicy = stayPolicy;
        b.coalesceUnchanged = coalesceUnchanged;
        b.asOfTie = asOfTie;
        b.states = states;
        b.derivedStates = derivedStates;
        b.derivedTies = derivedTies;
        b.periods = periods;
        b.maxSnapshotRows = maxSnapshotRows;
        b.snapshotDiffs = snapshotDiffs;
        b.stateEventsFrom = stateEventsFrom;
        b.stateEventsTo = stateEventsTo;
        b.defaultAggregator = defaultAggregator;
        b.aggregators.putAll(aggregators);
        b.lenientBooleans = lenientBooleans;
        b.faults.putAll(faults);
        b.clock = clock;
        b.threads = threads;
        b.maxEdgeRows = maxEdgeRows;
        b.idPolicy = idPolicy;
        b.survivor = survivor;
        b.pinnedIds = pinnedIds;
        b.participantIds = participantIds;
        b.keepEpochs = keepEpochs;
        return b;
    }

    /** The kinds of entity, in processing order. */
    public List<EntityType> entityTypes() {
        return entityTypes;
    }

    /** The configured type of this name, if there is one. */
    public Optional<EntityType> entityType(String name) {
        return entityTypes.stream().filter(t -> t.name().equals(name)).findFirst();
    }

    /** Which release of the reference is reproduced. */
    public Compat compat() {
        return compat;
    }

    /** How many links away an identifier may take its entity from; {@link #UNLIMITED_HOPS} is exact. */
    public int maxHops() {
        return maxHops;
    }

    /** Which form of a value decides who is who. */
    public ResolveOn resolveOn() {
        return resolveOn;
    }

    /** Whether an empty identifier is no identifier. */
    public boolean ignoreEmptyIdentifiers() {
        return ignoreEmptyIdentifiers;
    }

    /** How instants are written into ids. */
    public IdDialect idDialect() {
        return idDialect;
    }

    /** How minted ids are written; which columns those are is listed in {@code docs/tables.md}. */
    public IdForm ids() {
        return ids;
    }

    /**
     * Whether tables that name entities have a column with a whole number for each as well, behind all others: the
     * entity's position in {@code nexus_entities}, the same in all tables of a run and unrelated to that of another run.
     */
    public boolean surrogateKeys() {
        return surrogateKeys;
    }

    /** E-mail addresses, exactly as they come, whose persons get the trait {@code is_internal_user}. */
    public Set<String> internalEmails() {
        return internalEmails;
    }

    /** What timelines do while no state is held. */
    public GapMode gapMode() {
        return gapMode;
    }

    /** How deltas treat a measurement that vanishes. */
    public DeltaMode deltaMode() {
        return deltaMode;
    }

    /** What becomes of given stays that contradict themselves or each other; the preset takes all as they are. */
    public StayPolicy stayPolicy() {
        return stayPolicy;
    }

    /** Whether a timeline's row that would show the same as the one it follows is left out. */
    public boolean coalesceUnchanged() {
        return coalesceUnchanged;
    }

    /** Which state an event sees that happens at the instant of a change. */
    public AsOfTie asOfTie() {
        return asOfTie;
    }

    /** Files of which events are made when a log is opened. */
    public List<SnapshotDiffSpec> snapshotDiffs() {
        return snapshotDiffs;
    }

    /** States that follow from events and traits. */
    public List<StateSpec> states() {
        return states;
    }

    /** States that follow from others, in the order in which they are derived. */
    public List<DerivedStateSpec> derivedStates() {
        return derivedStates;
    }

    /** What derived states do with changes that happen together. */
    public DerivedTies derivedTies() {
        return derivedTies;
    }

    /** The periods of snapshots and movements, one range for each length; without them there are no such tables. */
    public List<PeriodRange> periods() {
        return periods;
    }

    /** The most rows {@code nexus_entity_state_snapshots} may have. */
    public long maxSnapshotRows() {
        return maxSnapshotRows;
    }

    /** First instant of the events that are joined to states; none is no bound. */
    public Optional<Instant> stateEventsFrom() {
        return Optional.ofNullable(stateEventsFrom);
    }

    /** First instant after the events that are joined to states; none is no bound. */
    public Optional<Instant> stateEventsTo() {
        return Optional.ofNullable(stateEventsTo);
    }

    /** How values of this measurement (lower-case name) on one event become one. */
    public Aggregator aggregator(String measurement) {
        return aggregators.getOrDefault(measurement, defaultAggregator);
    }

    /** All aggregators by measurement, sorted; {@code default} is that of every other one. */
    public Map<String, Aggregator> aggregators() {
        Map<String, Aggregator> all = new TreeMap<>(aggregators);
        all.put("default", defaultAggregator);
        return all;
    }

    /** Whether any measurement is aggregated in a way that depends on the order of its rows. */
    public boolean aggregatesInOrder() {
        return defaultAggregator != Aggregator.MAX
                || aggregators.values().stream().anyMatch(a -> a != Aggregator.MAX);
    }

    /** Whether unreadable text in an {@code is_...} dimension is false instead of a fault. */
    public boolean lenientBooleans() {
        return lenientBooleans;
    }

    /** What happens to a row with this fault; {@link FaultPolicy#FAIL} for every file-level fault. */
    public FaultPolicy faultPolicy(FaultCode code) {
        FaultPolicy policy = faults.get(code);
        return policy == null ? FaultPolicy.FAIL : policy;
    }

    /** The fixed reading of the clock, if one is set. */
    public Optional<Instant> clock() {
        return Optional.ofNullable(clock);
    }

    /** How many threads a run may use; 0 is one per processor. The result never depends on it. */
    public int threads() {
        return threads;
    }

    /** The most rows {@code nexus_entity_identifiers_edges} may have. */
    public long maxEdgeRows() {
        return maxEdgeRows;
    }

    /** What ids depend on in a store; a one-shot run knows no earlier ids, so its ids always depend on content. */
    public IdPolicy idPolicy() {
        return idPolicy;
    }

    /** Who keeps its id in a merge; only stores under {@link IdPolicy#STABLE} ask. */
    public Survivor survivor() {
        return survivor;
    }

    /**
     * The ids, of resolved entity types, that survive a merge with any that is not here, under {@link Survivor#PINNED}. An id
     * that was never given out pins nobody until it is; one that lost a merge pins nobody any more.
     */
    public Set<String> pinnedIds() {
        return pinnedIds;
    }

    /** What becomes of the ids of participants when entities of a store merge; default {@link ParticipantIds#REBUILD}. */
    public ParticipantIds participantIds() {
        return participantIds;
    }

    /** How many epochs of a store can still be opened, the last one included. */
    public int keepEpochs() {
        return keepEpochs;
    }

    private void checkEntityTypes() {
        Map<String, EntityType> byName = new HashMap<>();
        Map<String, String> byPrefix = new LinkedHashMap<>();
        for (EntityType type : entityTypes) {
            if (byName.put(type.name(), type) != null) {
                throw new NexusConfigException("/entity_types", "'" + type.name() + "' is named twice");
            }
            if (!type.resolved()) {
                continue;
            }
            String other = byPrefix.put(type.prefix(), type.name());
            if (other != null && !compat.foldsIdCollisions()) {
                throw new NexusConfigException(
                        "/entity_types",
                        "'" + other + "' and '" + type.name() + "' would both have ids " + type.prefix()
                                + "_…: give one of them an id_prefix");
            }
        }
    }

    private void checkPinnedIds(Collection<String> ids) {
        if (!ids.isEmpty() && survivor != Survivor.PINNED) {
            throw new NexusConfigException("/pinned_ids", "nobody asks for them unless \"survivor\" is \"pinned\"");
        }
        List<String> prefixes = entityTypes.stream()
                .filter(EntityType::resolved)
                .map(type -> type.prefix() + "_")
                .toList();
        int at = 0;
        for (String id : ids) {
            if (prefixes.stream().noneMatch(prefix -> id.startsWith(prefix) && isKey(id.substring(prefix.length())))) {
                throw new NexusConfigException(
                        "/pinned_ids/" + at,
                        "is no entity id: one of " + prefixes + " and " + SurrogateKey.HEX_LENGTH + " digits 0-9a-f");
            }
            at++;
        }
    }

    private static boolean isKey(String text) {
        return text.length() == SurrogateKey.HEX_LENGTH
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    /** No state of a type is declared twice, and none is derived from itself or from one that is derived later. */
    private void checkStates() {
        Set<List<String>> declared = new HashSet<>();
        for (int i = 0; i < states.size(); i++) {
            checkState("/states/" + i, states.get(i).name(), states.get(i).entityType(), declared);
        }
        Set<List<String>> pending = new HashSet<>();
        derivedStates.forEach(state -> pending.add(List.of(state.entityType(), state.name())));
        for (int i = 0; i < derivedStates.size(); i++) {
            DerivedStateSpec state = derivedStates.get(i);
            String where = "/derived_states/" + i;
            checkState(where, state.name(), state.entityType(), declared);
            state.components().forEach((name, component) -> {
                if (pending.contains(List.of(state.entityType(), component.state()))) {
                    throw new NexusConfigException(
                            where + "/components/" + name + "/state",
                            "'" + component.state() + "' is not derived yet: put it before");
                }
            });
            pending.remove(List.of(state.entityType(), state.name()));
        }
    }

    private void checkState(String where, String name, String type, Set<List<String>> declared) {
        if (entityType(type).isEmpty()) {
            throw new NexusConfigException(where + "/entity_type", "'" + type + "' is no configured entity type");
        }
        if (!declared.add(List.of(type, name))) {
            throw new NexusConfigException(where + "/name", "'" + name + "' of '" + type + "' is declared twice");
        }
    }

    /** Collects settings; what is not set has the default that the getter of {@link NexusConfig} documents. */
    public static final class Builder {
        private List<EntityType> entityTypes = List.of(EntityType.PERSON, EntityType.GROUP);
        private Compat compat = Compat.NONE;
        private @Nullable Integer maxHops;
        private ResolveOn resolveOn = ResolveOn.RAW;
        private @Nullable Boolean ignoreEmptyIdentifiers;
        private IdDialect idDialect = IdDialect.DUCKDB;
        private IdForm ids = IdForm.HEX;
        private boolean surrogateKeys;
        private Set<String> internalEmails = Set.of();
        private @Nullable GapMode gapMode;
        private @Nullable DeltaMode deltaMode;
        private StayPolicy stayPolicy = StayPolicy.REPORT;
        private boolean coalesceUnchanged;
        private AsOfTie asOfTie = AsOfTie.BEFORE;
        private List<SnapshotDiffSpec> snapshotDiffs = List.of();
        private List<StateSpec> states = List.of();
        private List<DerivedStateSpec> derivedStates = List.of();
        private @Nullable DerivedTies derivedTies;
        private List<PeriodRange> periods = List.of();
        private long maxSnapshotRows = DEFAULT_MAX_SNAPSHOT_ROWS;
        private @Nullable Instant stateEventsFrom;
        private @Nullable Instant stateEventsTo;
        private Aggregator defaultAggregator = Aggregator.MAX;
        private final Map<String, Aggregator> aggregators = new HashMap<>();
        private boolean lenientBooleans;
        private final Map<FaultCode, FaultPolicy> faults = new EnumMap<>(FaultCode.class);
        private @Nullable Instant clock;
        private int threads;
        private long maxEdgeRows = DEFAULT_MAX_EDGE_ROWS;
        private IdPolicy idPolicy = IdPolicy.STABLE;
        private Survivor survivor = Survivor.MOST_ROWS;
        private Set<String> pinnedIds = Set.of();
        private ParticipantIds participantIds = ParticipantIds.REBUILD;
        private int keepEpochs = 2;

        private Builder() {}

        /** Replaces the default persons and groups. */
        public Builder entityTypes(EntityType... types) {
            return entityTypes(List.of(types));
        }

        /** Replaces the default persons and groups. */
        public Builder entityTypes(List<EntityType> types) {
            this.entityTypes = List.copyOf(types);
            return this;
        }

        /** Starts from the reference's values; what is set besides wins. */
        public Builder compat(Compat preset) {
            this.compat = preset;
            return this;
        }

        /** Caps the reach of an identifier; 0 is no cap. */
        public Builder maxHops(int hops) {
            if (hops < 0) {
                throw new NexusConfigException("/max_hops", hops + " is negative; 0 is unlimited");
            }
            this.maxHops = hops;
            return this;
        }

        /** Sets {@link NexusConfig#resolveOn}. */
        public Builder resolveOn(ResolveOn form) {
            this.resolveOn = form;
            return this;
        }

        /** Sets {@link NexusConfig#ignoreEmptyIdentifiers}. */
        public Builder ignoreEmptyIdentifiers(boolean ignore) {
            this.ignoreEmptyIdentifiers = ignore;
            return this;
        }

        /** Sets {@link NexusConfig#idDialect}. */
        public Builder idDialect(IdDialect dialect) {
            this.idDialect = dialect;
            return this;
        }

        /** Sets {@link NexusConfig#ids}. */
        public Builder ids(IdForm form) {
            this.ids = form;
            return this;
        }

        /** Sets {@link NexusConfig#surrogateKeys}. */
        public Builder surrogateKeys(boolean wanted) {
            this.surrogateKeys = wanted;
            return this;
        }

        /** Sets {@link NexusConfig#internalEmails}. */
        public Builder internalEmails(Collection<String> emails) {
            this.internalEmails = new LinkedHashSet<>(emails);
            return this;
        }

        /** Sets {@link NexusConfig#gapMode}. */
        public Builder gapMode(GapMode mode) {
            this.gapMode = mode;
            return this;
        }

        /** Sets {@link NexusConfig#deltaMode}. */
        public Builder deltaMode(DeltaMode mode) {
            this.deltaMode = mode;
            return this;
        }

        /** Sets {@link NexusConfig#stayPolicy}. */
        public Builder stayPolicy(StayPolicy policy) {
            this.stayPolicy = policy;
            return this;
        }

        /** Sets {@link NexusConfig#coalesceUnchanged}. */
        public Builder coalesceUnchanged(boolean coalesce) {
            this.coalesceUnchanged = coalesce;
            return this;
        }

        /** Sets {@link NexusConfig#asOfTie}. */
        public Builder asOfTie(AsOfTie tie) {
            this.asOfTie = tie;
            return this;
        }

        /** Sets {@link NexusConfig#snapshotDiffs}. */
        public Builder snapshotDiffs(List<SnapshotDiffSpec> specs) {
            this.snapshotDiffs = List.copyOf(specs);
            return this;
        }

        /** Sets {@link NexusConfig#states}. */
        public Builder states(List<StateSpec> specs) {
            this.states = List.copyOf(specs);
            return this;
        }

        /** Sets {@link NexusConfig#derivedStates}. */
        public Builder derivedStates(List<DerivedStateSpec> specs) {
            this.derivedStates = List.copyOf(specs);
            return this;
        }

        /** Sets {@link NexusConfig#derivedTies}. */
        public Builder derivedTies(DerivedTies ties) {
            this.derivedTies = ties;
            return this;
        }

        /** Sets {@link NexusConfig#periods}; each length at most once. */
        public Builder periods(PeriodRange... ranges) {
            return periods(List.of(ranges));
        }

        /** Sets {@link NexusConfig#periods}; each length at most once. */
        public Builder periods(List<PeriodRange> ranges) {
            if (ranges.stream().map(PeriodRange::unit).distinct().count() < ranges.size()) {
                throw new NexusConfigException("/periods", "has two ranges of one unit");
            }
            this.periods = List.copyOf(ranges);
            return this;
        }

        /** Sets {@link NexusConfig#maxSnapshotRows}. */
        public Builder maxSnapshotRows(long rows) {
            if (rows < 1) {
                throw new NexusConfigException("/max_snapshot_rows", rows + " is less than one");
            }
            this.maxSnapshotRows = rows;
            return this;
        }

        /** Joins only events from this instant on to states. */
        public Builder stateEventsFrom(Instant instant) {
            this.stateEventsFrom = instant;
            return this;
        }

        /** Joins only events before this instant to states. */
        public Builder stateEventsTo(Instant instant) {
            this.stateEventsTo = instant;
            return this;
        }

        /** Sets the aggregator of every measurement that has none of its own. */
        public Builder aggregator(Aggregator aggregator) {
            this.defaultAggregator = aggregator;
            return this;
        }

        /** Sets the aggregator of one measurement (lower-case name). */
        public Builder aggregator(String measurement, Aggregator aggregator) {
            this.aggregators.put(measurement, aggregator);
            return this;
        }

        /** Sets {@link NexusConfig#lenientBooleans}. */
        public Builder lenientBooleans(boolean lenient) {
            this.lenientBooleans = lenient;
            return this;
        }

        /** Sets what happens to rows with this fault; only row-level faults can be set aside. */
        public Builder fault(FaultCode code, FaultPolicy policy) {
            if (!code.rowLevel() && policy == FaultPolicy.SET_ASIDE) {
                throw new NexusConfigException(
                        "/faults/" + code.code(), "is a fault of a whole file: it cannot be set aside");
            }
            this.faults.put(code, policy);
            return this;
        }

        /** Fixes the clock, so that two runs give the same bytes. */
        public Builder clock(Instant instant) {
            this.clock = instant;
            return this;
        }

        /** Sets {@link NexusConfig#threads}. */
        public Builder threads(int count) {
            if (count < 0) {
                throw new NexusConfigException("/threads", count + " is negative; 0 is one per processor");
            }
            this.threads = count;
            return this;
        }

        /** Sets {@link NexusConfig#maxEdgeRows}. */
        public Builder maxEdgeRows(long rows) {
            if (rows < 1) {
                throw new NexusConfigException("/max_edge_rows", rows + " is less than one");
            }
            this.maxEdgeRows = rows;
            return this;
        }

        /** Sets {@link NexusConfig#idPolicy}. */
        public Builder idPolicy(IdPolicy policy) {
            this.idPolicy = policy;
            return this;
        }

        /** Sets {@link NexusConfig#survivor}. */
        public Builder survivor(Survivor rule) {
            this.survivor = rule;
            return this;
        }

        /**
         * Sets {@link NexusConfig#pinnedIds}: a prefix with its underscore and 32 digits in lower case, whatever form
         * {@link NexusConfig#ids} gives ids in tables.
         */
        public Builder pinnedIds(Collection<String> ids) {
            this.pinnedIds = new LinkedHashSet<>(ids);
            return this;
        }

        /** See {@link NexusConfig#participantIds()}. */
        public Builder participantIds(ParticipantIds ids) {
            this.participantIds = ids;
            return this;
        }

        /** Sets {@link NexusConfig#keepEpochs}. */
        public Builder keepEpochs(int epochs) {
            if (epochs < 1) {
                throw new NexusConfigException("/keep_epochs", epochs + " is less than one");
            }
            this.keepEpochs = epochs;
            return this;
        }

        /** Checks that the settings go together. */
        public NexusConfig build() {
            return new NexusConfig(this);
        }
    }
}
