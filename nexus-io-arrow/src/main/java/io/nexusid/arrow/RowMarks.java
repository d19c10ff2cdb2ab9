package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.EntityType;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.ResolveOn;
import io.nexusid.api.SurrogateKey;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.arrow.store.FingerprintHash;
import io.nexusid.arrow.store.Fingerprints;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What kept rows speak of, as one {@code int} each: identifiers, events, entity ids and row ids. A store keeps these
 * <em>marks</em> beside its rows, so that the rows about something are found by looking at four bytes of each.
 *
 * <p>A mark is 32 bits of a keyed fingerprint, so two things may share one: whoever finds rows by their marks finds all that
 * there are, and now and then, with n marks asked for, one row in 2³²/n that is about something else. {@link #NONE}
 * stands for nothing. An identifier's mark is that of the node it resolves to, so it depends on the rules of the store.
 */
final class RowMarks {
    /** The mark of nothing. */
    static final int NONE = 0;

    /** The identifier that a row is about, the registered source id, or the id of its entity. */
    static final String WHO = ".who";
    /** The other end of a declaration; of a registration the id of its entity. */
    static final String WHOM = ".whom";
    /** The event. */
    static final String EVENT = ".event";
    /** The id that a row came with, as {@link RowPrints#addId} prints it. */
    static final String ID = ".id";

    private static final long IDENTIFIER = 4;
    private static final long SOURCE_ID = 5;
    private static final long EVENT_ID = 6;
    private static final long ENTITY_ID = 7;
    private static final byte[] ID_PREFIX = {};

    private final FingerprintHash hash;
    private final boolean normalizes;
    private final Normalization normalization;
    private final Set<String> resolved = new TreeSet<>();
    private final Map<String, byte[]> typeBytes = new HashMap<>();
    private final TextAppender normalized = new TextAppender();
    private final SurrogateKey key = new SurrogateKey();
    private final byte[] hex = new byte[SurrogateKey.HEX_LENGTH];
    private byte[] scratch = new byte[1 << 8];

    RowMarks(NexusConfig config, FingerprintHash hash) {
        this.hash = hash;
        this.normalizes = config.resolveOn() == ResolveOn.NORMALIZED;
        this.normalization = new Normalization(config.compat());
        config.entityTypes().stream().filter(EntityType::resolved).forEach(type -> resolved.add(type.name()));
    }

    /** The columns of marks that the rows of a table have. */
    static List<String> columns(InputTable table) {
        return switch (table) {
            case ENTITY_IDENTIFIERS -> List.of(WHO, EVENT);
            case ENTITY_TRAITS, COMPUTED_TRAITS -> List.of(WHO, ID);
            case RELATIONSHIP_DECLARATIONS, ENTITY_REGISTRATIONS -> List.of(WHO, WHOM);
            case STATE_CHANGES, STATES -> List.of(WHO);
            case EVENTS, EVENT_MEASUREMENTS, EVENT_DIMENSIONS -> List.of(EVENT, ID);
        };
    }

    /** The columns of marks whose marks depend on the rules. */
    static List<String> columnsByRules(InputTable table) {
        return switch (table) {
            case ENTITY_IDENTIFIERS, ENTITY_TRAITS, STATE_CHANGES -> List.of(WHO);
            case RELATIONSHIP_DECLARATIONS -> List.of(WHO, WHOM);
            default -> List.of();
        };
    }

    /** Whether rows get the same marks under other rules. */
    boolean marksAlike(RowMarks other) {
        return normalizes == other.normalizes && resolved.equals(other.resolved);
    }

    /** Whether entities of a type come from resolution. */
    boolean isResolved(String entityType) {
        return resolved.contains(entityType);
    }

    /** The mark in a fingerprint. */
    static int of(long lowHalf) {
        int mark = (int) lowHalf;
        return mark == NONE ? 1 : mark;
    }

    /**
     * Appends the fingerprint of an identifier as a row names it.
     *
     * @param entityType name of the type
     * @param observed whether the row says that the identifier was seen, so that it is a node
     */
    void addIdentifier(
            String entityType, TextBlock types, TextBlock values, int row, boolean observed, Fingerprints target) {
        boolean isNode = resolved.contains(entityType);
        byte[] value = values.bytes();
        int from = values.from(row);
        int length = values.length(row);
        if (normalizes && (isNode || observed)) {
            normalized.begin(1);
            normalization.append(types.bytes(), types.from(row), types.length(row), value, from, length, normalized);
            value = normalized.room(0);
            from = 0;
            length = normalized.position();
        }
        if (isNode) {
            addNode(entityType, types.bytes(), types.from(row), types.length(row), value, from, length, target);
        } else {
            addSourceId(entityType, value, from, length, target);
        }
    }

    /** The value that an identifier of a resolved type resolves on: a new array. */
    byte[] resolvedValue(TextBlock types, TextBlock values, int row) {
        byte[] value = values.bytes();
        int from = values.from(row);
        int length = values.length(row);
        if (!normalizes) {
            return Arrays.copyOfRange(value, from, from + length);
        }
        normalized.begin(1);
        normalization.append(types.bytes(), types.from(row), types.length(row), value, from, length, normalized);
        return Arrays.copyOf(normalized.room(0), normalized.position());
    }

    /** Appends the fingerprint of a node of a resolved type. */
    void addNode(String entityType, byte[] identifierType, byte[] value, Fingerprints target) {
        addNode(entityType, identifierType, 0, identifierType.length, value, 0, value.length, target);
    }

    private void addNode(
            String entityType,
            byte[] type,
            int typeFrom,
            int typeLength,
            byte[] value,
            int from,
            int length,
            Fingerprints target) {
        byte[] name = typeBytes.computeIfAbsent(entityType, t -> t.getBytes(UTF_8));
        byte[] bytes = room(name.length + typeLength + length + 2);
        System.arraycopy(name, 0, bytes, 0, name.length);
        bytes[name.length] = 0;
        System.arraycopy(type, typeFrom, bytes, name.length + 1, typeLength);
        bytes[name.length + 1 + typeLength] = 0;
        System.arraycopy(value, from, bytes, name.length + typeLength + 2, length);
        hash.append(IDENTIFIER, bytes, 0, name.length + typeLength + length + 2, target);
    }

    /** Appends the fingerprint of a registered source id, which is an identifier of a type that is not resolved. */
    void addSourceId(String entityType, byte[] value, int from, int length, Fingerprints target) {
        byte[] name = typeBytes.computeIfAbsent(entityType, t -> t.getBytes(UTF_8));
        byte[] bytes = room(name.length + length + 1);
        System.arraycopy(name, 0, bytes, 0, name.length);
        bytes[name.length] = 0;
        System.arraycopy(value, from, bytes, name.length + 1, length);
        hash.append(SOURCE_ID, bytes, 0, name.length + length + 1, target);
    }

    /** Appends the fingerprint of an event id. */
    void addEvent(TextBlock ids, int row, Fingerprints target) {
        hash.append(EVENT_ID, ids.bytes(), ids.from(row), ids.length(row), target);
    }

    /** Appends the fingerprint of an entity id given as text: of its digits, if it ends with those of a key. */
    void addEntityId(byte[] text, int from, int length, Fingerprints target) {
        int digits = Math.max(0, length - SurrogateKey.HEX_LENGTH);
        if (IdText.isId(ID_PREFIX, text, from + digits, length - digits)) {
            hash.append(ENTITY_ID, text, from + digits, length - digits, target);
        } else {
            hash.append(ENTITY_ID, text, from, length, target);
        }
    }

    /** Appends the fingerprint of an entity id given as a key. */
    void addEntityId(long high, long low, Fingerprints target) {
        SurrogateKey.writeHex(high, low, hex, 0);
        hash.append(ENTITY_ID, hex, 0, hex.length, target);
    }

    /** Appends the fingerprint of the id of the entity that a row registers. */
    void addRegistered(TextBlock sourceIds, TextBlock sources, int row, Fingerprints target) {
        key.start()
                .add(sourceIds.bytes(), sourceIds.from(row), sourceIds.length(row))
                .add(sources.bytes(), sources.from(row), sources.length(row))
                .finish();
        addEntityId(key.high(), key.low(), target);
    }

    private byte[] room(int length) {
        if (scratch.length < length) {
            scratch = Arrays.copyOf(scratch, Math.max(length, 2 * scratch.length));
        }
        return scratch;
    }
}
