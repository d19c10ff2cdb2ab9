package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.NexusConfig;
import io.nexusid.api.SurrogateKey;
import io.nexusid.graph.IdentitySnapshot;
import java.util.List;

/** The ids of a store's entities as text. For any thread. */
final class EntityIds {
    private final List<String> prefixes;

    EntityIds(NexusConfig config) {
        prefixes = StoredIdentity.resolvedTypes(config).stream()
                .map(type -> config.entityType(type).orElseThrow().prefix() + "_")
                .toList();
    }

    /** The entity that an id, ever given out, leads to; {@link IdentitySnapshot#NONE} if it never was. */
    int entity(IdentitySnapshot now, String id) {
        byte[] text = id.getBytes(UTF_8);
        for (int type = 0; type < prefixes.size(); type++) {
            byte[] prefix = Bytes.of(prefixes.get(type));
            if (IdText.isId(prefix, text, 0, text.length)) {
                return now.resolve(type, IdText.high(text, prefix.length), IdText.low(text, prefix.length));
            }
        }
        return IdentitySnapshot.NONE;
    }

    /** The id of an entity. */
    String text(IdentitySnapshot now, int entity) {
        byte[] hex = new byte[SurrogateKey.HEX_LENGTH];
        SurrogateKey.writeHex(now.high(entity), now.low(entity), hex, 0);
        return prefixes.get(now.type(entity)) + new String(hex, UTF_8);
    }
}
