package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.NexusConfig;
import io.nexusid.api.SurrogateKey;
import io.nexusid.graph.ChangeSet;
import io.nexusid.graph.IdentityGraph;
import io.nexusid.graph.IdentitySnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;

/** The ids of a store's entities, of all its generations, as text. For any thread. */
final class EntityIds {
    private final Generations generations;
    private final List<String> types;
    /** By number of a resolved type, what its ids began with, ever. */
    private final List<List<byte[]>> prefixes = new ArrayList<>();

    private EntityIds(Generations generations) {
        this.generations = generations;
        this.types = generations.last().types();
        for (String type : types.subList(0, generations.last().resolved())) {
            prefixes.add(generations.prefixes(type));
        }
    }

    /** Those of an epoch with these properties. */
    static EntityIds of(SortedMap<String, String> properties, NexusConfig config) {
        return new EntityIds(Generations.of(properties, config));
    }

    /** The rules that ids have been given out by. */
    Generations generations() {
        return generations;
    }

    /** The number of a resolved type; negative if it is none. */
    int resolvedType(String name) {
        int type = types.indexOf(name);
        return type < prefixes.size() ? type : IdentitySnapshot.NONE;
    }

    /** The entity that an id, ever given out, leads to; {@link IdentitySnapshot#NONE} if it never was, or leads nowhere. */
    int entity(IdentitySnapshot now, String id) {
        byte[] text = id.getBytes(UTF_8);
        for (int type = 0; type < prefixes.size(); type++) {
            for (byte[] prefix : prefixes.get(type)) {
                if (IdText.isId(prefix, text, 0, text.length)) {
                    int entity = now.newest(type, IdText.high(text, prefix.length), IdText.low(text, prefix.length));
                    while (entity != IdentitySnapshot.NONE && !Arrays.equals(prefix, prefix(now, entity))) {
                        entity = now.older(entity);
                    }
                    if (entity != IdentitySnapshot.NONE) {
                        return now.current(entity);
                    }
                }
            }
        }
        return IdentitySnapshot.NONE;
    }

    /** Pins ids as they look now, given out or not. */
    void pin(IdentityGraph graph, Collection<String> pinned) {
        Generations.Generation now = generations.last();
        for (String id : pinned) {
            byte[] text = id.getBytes(UTF_8);
            for (int type = 0; type < now.resolved(); type++) {
                byte[] prefix = Objects.requireNonNull(now.prefixes().get(types.get(type)));
                if (IdText.isId(prefix, text, 0, text.length)) {
                    graph.pin(type, IdText.high(text, prefix.length), IdText.low(text, prefix.length));
                }
            }
        }
    }

    /** The name of an entity's type, be it resolved still or not. */
    String type(IdentitySnapshot now, int entity) {
        return types.get(now.type(entity));
    }

    /** What the id that an entity has or had begins with. */
    byte[] prefix(IdentitySnapshot now, int entity) {
        return generations.prefix(type(now, entity), now.birthEpoch(entity));
    }

    /** The pinned ids that a batch took away, each with the one that its identifiers have now. */
    Map<String, String> lostPins(ChangeSet changes) {
        IdentitySnapshot after = changes.after();
        Map<String, String> lost = new HashMap<>();
        for (int entity : changes.lostPins()) {
            lost.put(text(after, entity), text(after, after.current(entity)));
        }
        return lost;
    }

    /** The id that an entity has or had. */
    String text(IdentitySnapshot now, int entity) {
        byte[] hex = new byte[SurrogateKey.HEX_LENGTH];
        SurrogateKey.writeHex(now.high(entity), now.low(entity), hex, 0);
        return new String(prefix(now, entity), UTF_8) + new String(hex, UTF_8);
    }

    /** Appends the id that an entity has or had. */
    void append(IdentitySnapshot now, int entity, OutputColumn.Scratch out) {
        out.appendId(prefix(now, entity), now.high(entity), now.low(entity));
    }

    /** Adds the id that an entity has or had as a part of a key. */
    void addTo(SurrogateKey key, IdentitySnapshot now, int entity) {
        key.addId(prefix(now, entity), now.high(entity), now.low(entity));
    }
}
