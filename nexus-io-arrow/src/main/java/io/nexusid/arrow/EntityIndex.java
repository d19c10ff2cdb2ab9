package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.EntityType;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.SurrogateKey;
import io.nexusid.graph.Entities;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All entities of a run, resolved and registered, numbered by (type name, id) in byte order: the <em>ordinals</em> that
 * every derived table speaks in. Sorting by ordinal is sorting by (entity_type, entity_id).
 */
final class EntityIndex {
    static final int NONE = -1;

    /** The entities of one type: ordinals [first, end); the first is number {@code base} where they are kept. */
    private static final class TypeRange {
        private final EntityType type;
        private final byte[] nameBytes;
        private final byte[] prefix;
        private final int first;
        private final int end;
        private final int base;

        TypeRange(EntityType type, int first, int end, int base) {
            this.type = type;
            this.nameBytes = type.name().getBytes(UTF_8);
            this.prefix = (type.prefix() + "_").getBytes(US_ASCII);
            this.first = first;
            this.end = end;
            this.base = base;
        }

        String name() {
            return type.name();
        }

        byte[] nameBytes() {
            return nameBytes;
        }

        byte[] prefix() {
            return prefix;
        }

        boolean resolved() {
            return type.resolved();
        }

        int first() {
            return first;
        }

        int end() {
            return end;
        }

        int base() {
            return base;
        }

        TypeRange movedTo(int ordinal) {
            return new TypeRange(type, ordinal, ordinal + end - first, base);
        }
    }

    private final Entities entities;
    private final Registrations registrations;
    /** An array: it is walked for every cell, and without the optimising compiler an iterator is an object. */
    private final TypeRange[] ranges;

    private final int count;
    private int @Nullable [] idRanks;
    private boolean sharedIds;

    private EntityIndex(Entities entities, Registrations registrations, List<TypeRange> ranges) {
        this.entities = entities;
        this.registrations = registrations;
        this.ranges = ranges.toArray(TypeRange[]::new);
        this.count = ranges.isEmpty() ? 0 : ranges.get(ranges.size() - 1).end();
    }

    /** Puts resolved and registered entities into one order. {@code resolvedTypes} are the indices of {@code entities}. */
    static EntityIndex of(
            NexusConfig config, List<String> resolvedTypes, Entities entities, Registrations registrations) {
        List<TypeRange> unplaced = new ArrayList<>();
        for (int t = 0; t < resolvedTypes.size(); t++) {
            EntityType type = config.entityType(resolvedTypes.get(t)).orElseThrow();
            int first = entities.firstOfType(t);
            unplaced.add(new TypeRange(type, first, entities.endOfType(t), first));
        }
        int from = 0;
        while (from < registrations.count()) {
            int end = from + 1;
            while (end < registrations.count() && registrations.entityType(end) == registrations.entityType(from)) {
                end++;
            }
            String name = registrations.typeName(from);
            unplaced.add(new TypeRange(EntityType.registered(name), from, end, from));
            from = end;
        }
        unplaced.sort(Comparator.comparing(TypeRange::nameBytes, Arrays::compareUnsigned));
        List<TypeRange> ranges = new ArrayList<>();
        int next = 0;
        for (TypeRange r : unplaced) {
            ranges.add(r.movedTo(next));
            next += r.end() - r.first();
        }
        return new EntityIndex(entities, registrations, ranges);
    }

    int count() {
        return count;
    }

    private TypeRange range(int ordinal) {
        // A handful of types, in order: scanning them beats searching.
        for (TypeRange range : ranges) {
            if (ordinal < range.end) {
                return range;
            }
        }
        throw new IndexOutOfBoundsException(ordinal + " of " + count);
    }

    private int local(TypeRange range, int ordinal) {
        return ordinal - range.first() + range.base();
    }

    long high(int ordinal) {
        return high(range(ordinal), ordinal);
    }

    private long high(TypeRange range, int ordinal) {
        int e = local(range, ordinal);
        return range.resolved() ? entities.high(e) : registrations.high(e);
    }

    long low(int ordinal) {
        return low(range(ordinal), ordinal);
    }

    private long low(TypeRange range, int ordinal) {
        int e = local(range, ordinal);
        return range.resolved() ? entities.low(e) : registrations.low(e);
    }

    String typeName(int ordinal) {
        return range(ordinal).name();
    }

    /** The prefix of this entity's id with its underscore. */
    byte[] prefix(int ordinal) {
        return range(ordinal).prefix();
    }

    boolean isResolved(int ordinal) {
        return range(ordinal).resolved();
    }

    /** The number of a registered entity among {@link Registrations}, or -1. */
    int registration(int ordinal) {
        TypeRange range = range(ordinal);
        return range.resolved() ? NONE : local(range, ordinal);
    }

    /** For each resolved entity its ordinal. */
    int[] ordinalsOfResolved() {
        int[] ordinals = new int[entities.count()];
        for (TypeRange range : ranges) {
            if (range.resolved()) {
                for (int o = range.first(); o < range.end(); o++) {
                    ordinals[local(range, o)] = o;
                }
            }
        }
        return ordinals;
    }

    /** The ordinal of a registered entity. */
    int ofRegistration(int registration) {
        for (TypeRange range : ranges) {
            if (!range.resolved()
                    && registration >= range.base()
                    && registration < range.base() + range.end() - range.first()) {
                return registration - range.base() + range.first();
            }
        }
        return NONE;
    }

    /** The first ordinal of this type; with {@link #endOfType} an empty range if there is no such type. */
    int firstOfType(String type) {
        return Arrays.stream(ranges)
                .filter(r -> r.name().equals(type))
                .mapToInt(TypeRange::first)
                .findFirst()
                .orElse(0);
    }

    /** One past the last ordinal of this type. */
    int endOfType(String type) {
        return Arrays.stream(ranges)
                .filter(r -> r.name().equals(type))
                .mapToInt(TypeRange::end)
                .findFirst()
                .orElse(0);
    }

    /** The ordinal of the entity with this type and full id, or -1. */
    int find(String type, byte[] id, int from, int length) {
        for (TypeRange range : ranges) {
            if (range.name().equals(type) && IdText.isId(range.prefix(), id, from, length)) {
                return find(range, id, from + range.prefix().length);
            }
        }
        return NONE;
    }

    /** The same for a type name that was put in lower case, as computed traits are. */
    int findIgnoringTypeCase(String type, byte[] id, int from, int length) {
        String lower = TextCase.lower(type);
        for (TypeRange range : ranges) {
            if (TextCase.lower(range.name()).equals(lower)) {
                int ordinal = find(range.name(), id, from, length);
                if (ordinal >= 0) {
                    return ordinal;
                }
            }
        }
        return NONE;
    }

    private int find(TypeRange range, byte[] id, int hexFrom) {
        long high = IdText.high(id, hexFrom);
        long low = IdText.low(id, hexFrom);
        int first = range.first();
        int end = range.end() - 1;
        while (first <= end) {
            int middle = (first + end) >>> 1;
            int order = Long.compareUnsigned(high(middle), high);
            order = order != 0 ? order : Long.compareUnsigned(low(middle), low);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                first = middle + 1;
            } else {
                end = middle - 1;
            }
        }
        return NONE;
    }

    /** Appends the id of an entity; -1 is null. */
    void appendId(int ordinal, OutputColumn.Scratch scratch) {
        if (ordinal < 0) {
            scratch.appendNullId();
            return;
        }
        TypeRange range = range(ordinal);
        scratch.appendId(range.prefix(), high(range, ordinal), low(range, ordinal));
    }

    /** Appends the name of an entity's type; -1 is null. */
    void appendType(int ordinal, OutputColumn.Scratch scratch) {
        if (ordinal < 0) {
            scratch.text.appendNull();
            return;
        }
        scratch.text.append(range(ordinal).nameBytes());
    }

    /** Adds the id of an entity as a part of a key. */
    SurrogateKey addId(int ordinal, SurrogateKey key) {
        TypeRange range = range(ordinal);
        return key.addId(range.prefix(), high(range, ordinal), low(range, ordinal));
    }

    /** Orders by the bytes of the type names. */
    int compareTypes(int a, int b) {
        return Arrays.compareUnsigned(range(a).nameBytes(), range(b).nameBytes());
    }

    /** Orders by the bytes of the id alone, then by ordinal. */
    int compareIds(int a, int b) {
        TypeRange left = range(a);
        TypeRange right = range(b);
        int order = compareIdBytes(left, a, right, b);
        return order != 0 ? order : Integer.compare(a, b);
    }

    private int compareIdBytes(TypeRange left, int a, TypeRange right, int b) {
        if (Arrays.equals(left.prefix(), right.prefix())) {
            int order = Long.compareUnsigned(high(a), high(b));
            return order != 0 ? order : Long.compareUnsigned(low(a), low(b));
        }
        return Arrays.compareUnsigned(idBytes(left, a), idBytes(right, b));
    }

    /** The id as text. */
    byte[] idBytes(int ordinal) {
        return idBytes(range(ordinal), ordinal);
    }

    private byte[] idBytes(TypeRange range, int ordinal) {
        byte[] id = Arrays.copyOf(range.prefix(), range.prefix().length + SurrogateKey.HEX_LENGTH);
        SurrogateKey.writeHex(high(ordinal), low(ordinal), id, range.prefix().length);
        return id;
    }

    /** For each ordinal its position when entities are sorted by id alone. The identity for persons and groups. */
    int[] idRanks() {
        int[] ranks = idRanks;
        if (ranks == null) {
            ranks = new int[count];
            int[] order = new int[count];
            Arrays.setAll(order, i -> i);
            if (!typesAreInIdOrder()) {
                IntArrays.quickSort(order, this::compareIds);
                for (int i = 1; i < count; i++) {
                    sharedIds |= compareIdsOnly(order[i - 1], order[i]) == 0;
                }
            }
            for (int i = 0; i < count; i++) {
                ranks[order[i]] = i;
            }
            idRanks = ranks;
        }
        return ranks;
    }

    /** Orders by the bytes of the id alone; entities of different types may be equal. */
    int compareIdsOnly(int a, int b) {
        return a == b ? 0 : compareIdBytes(range(a), a, range(b), b);
    }

    /** Whether any two entities have the same id. */
    boolean hasSharedIds() {
        idRanks();
        return sharedIds;
    }

    private boolean typesAreInIdOrder() {
        for (int i = 1; i < ranges.length; i++) {
            byte[] before = ranges[i - 1].prefix();
            byte[] after = ranges[i].prefix();
            int common = Arrays.mismatch(before, after);
            if (common < 0
                    || common == Math.min(before.length, after.length)
                    || Arrays.compareUnsigned(before, after) > 0) {
                return false;
            }
        }
        return true;
    }
}
