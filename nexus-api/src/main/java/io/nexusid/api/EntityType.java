package io.nexusid.api;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A kind of entity.
 *
 * @param name for example {@code person}; letters, digits and underscores, starting with a letter
 * @param resolved true if its entities are found by resolution, false if they are registered as they are
 * @param idPrefix the prefix of its entity ids, or null for the reference's ({@link IdPrefix})
 */
public record EntityType(
        String name, boolean resolved, @Nullable String idPrefix) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

    public static final EntityType PERSON = resolved("person");
    public static final EntityType GROUP = resolved("group");

    /** Checks the name and the prefix. */
    public EntityType {
        if (!NAME.matcher(name).matches()) {
            throw new NexusConfigException(
                    "entity_types", "'" + name + "' is no entity type name: it must match " + NAME.pattern());
        }
        if (idPrefix != null && !NAME.matcher(idPrefix).matches()) {
            throw new NexusConfigException(
                    "entity_types", "'" + idPrefix + "' is no id prefix: it must match " + NAME.pattern());
        }
    }

    /** A type that is resolved, with the reference's prefix. */
    public static EntityType resolved(String name) {
        return new EntityType(name, true, null);
    }

    /** A type whose entities are registered. */
    public static EntityType registered(String name) {
        return new EntityType(name, false, null);
    }

    /** The prefix of this type's entity ids, without the underscore. Registered entities have {@code ent}. */
    public String prefix() {
        if (!resolved) {
            return IdPrefix.of("entity");
        }
        return idPrefix != null ? idPrefix : IdPrefix.of(name);
    }

    /** The prefix of {@code <type>_identifier_id}. */
    public String identifierPrefix() {
        return idPrefix != null ? idPrefix + "_idfr" : IdPrefix.of(name + "_identifier");
    }
}
