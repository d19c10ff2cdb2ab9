package io.nexusid.arrow;

import io.nexusid.api.EntityType;
import io.nexusid.api.NexusConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;

/**
 * The rules that a store has had, the oldest first: each until a rebuild put others in their place. A <em>generation</em>
 * numbers entity types and identifiers its own way; the numbers of entities go on.
 *
 * <p>In properties {@code rules.EPOCH}: the settings that held before that epoch, which rebuilt the store.
 */
final class Generations {
    private static final String PROPERTY = "rules.";

    /**
     * The rules of one generation.
     *
     * @param first its first epoch; 0 for the store's first generation
     * @param types the entity types by their number: those that are resolved, then those that were in generations before
     * @param resolved how many are resolved
     * @param prefixes by resolved type, what ids begin with, the underscore included
     */
    record Generation(long first, List<String> types, int resolved, Map<String, byte[]> prefixes) {}

    private final List<Generation> all;

    private Generations(List<Generation> all) {
        this.all = all;
    }

    /**
     * The generations of an epoch.
     *
     * @param properties of the epoch
     * @param config its settings
     */
    static Generations of(SortedMap<String, String> properties, NexusConfig config) {
        List<Generation> all = new ArrayList<>();
        Set<String> former = new LinkedHashSet<>();
        long first = 0;
        for (Map.Entry<String, String> each : properties.tailMap(PROPERTY).entrySet()) {
            if (!each.getKey().startsWith(PROPERTY)) {
                break;
            }
            all.add(of(first, StoreSettings.read(each.getValue()).build(), former));
            first = Long.parseLong(each.getKey().substring(PROPERTY.length()));
        }
        all.add(of(first, config, former));
        return new Generations(all);
    }

    private static Generation of(long first, NexusConfig config, Set<String> former) {
        Map<String, byte[]> prefixes = new HashMap<>();
        Set<String> types = new LinkedHashSet<>();
        for (EntityType type : config.entityTypes()) {
            if (type.resolved()) {
                types.add(type.name());
                prefixes.put(type.name(), Bytes.of(type.prefix() + "_"));
            }
        }
        int resolved = types.size();
        types.addAll(former);
        former.addAll(types);
        return new Generation(first, List.copyOf(types), resolved, prefixes);
    }

    /** The property for the settings that held before an epoch that rebuilds the store. */
    static String property(long epoch) {
        // In the order of numbers, however long they are.
        return PROPERTY + "%012d".formatted(epoch);
    }

    /** The one whose numbers hold now. */
    Generation last() {
        return all.get(all.size() - 1);
    }

    /** The one that an epoch belongs to. */
    Generation at(long epoch) {
        int i = all.size() - 1;
        while (all.get(i).first() > epoch) {
            i--;
        }
        return all.get(i);
    }

    /** What ids of a type begin with that were given out in an epoch. */
    byte[] prefix(String type, long epoch) {
        return Objects.requireNonNull(at(epoch).prefixes().get(type));
    }

    /** All that ids of a type ever began with. */
    List<byte[]> prefixes(String type) {
        List<byte[]> prefixes = new ArrayList<>();
        for (Generation each : all) {
            byte[] prefix = each.prefixes().get(type);
            if (prefix != null && prefixes.stream().noneMatch(p -> Arrays.equals(p, prefix))) {
                prefixes.add(prefix);
            }
        }
        return prefixes;
    }
}
