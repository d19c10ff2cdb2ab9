package io.nexusid.graph;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.IdPolicy;
import io.nexusid.api.LinkMode;
import io.nexusid.api.NexusConfigException;
import io.nexusid.api.Survivor;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What an {@link IdentityGraph} goes by.
 *
 * @param entityTypes the names of the entity types that are resolved, all different; a type is spoken of by its index
 * @param idPolicy what ids depend on
 * @param survivor who keeps its id in a merge; only {@link IdPolicy#STABLE} asks. Which ids are pinned is no rule: see
 *     {@link IdentityGraph#pin}
 * @param linkMode what is remembered of links; only {@link LinkMode#MONOTONE} is there
 */
public record GraphRules(List<String> entityTypes, IdPolicy idPolicy, Survivor survivor, LinkMode linkMode) {
    /** Checks that the types differ and that the link mode is there. */
    public GraphRules {
        entityTypes = List.copyOf(entityTypes);
        if (Set.copyOf(entityTypes).size() != entityTypes.size()) {
            throw new NexusConfigException("entity_types", "an entity type is named twice in " + entityTypes);
        }
        if (linkMode != LinkMode.MONOTONE) {
            throw new NexusConfigException(
                    "link_mode", linkMode + " is not supported: this graph keeps no links, use MONOTONE");
        }
    }

    /** The usual rules: no links kept; in a merge the entity with the most identifiers survives. */
    public static GraphRules of(IdPolicy idPolicy, List<String> entityTypes) {
        return new GraphRules(entityTypes, idPolicy, Survivor.MOST_ROWS, LinkMode.MONOTONE);
    }

    /** The rank of each type's name among all, by bytes. */
    int[] rankOfType() {
        byte[][] names = new byte[entityTypes.size()][];
        Arrays.setAll(names, t -> entityTypes.get(t).getBytes(UTF_8));
        byte[][] sorted = names.clone();
        Arrays.sort(sorted, Arrays::compareUnsigned);
        int[] rank = new int[names.length];
        Arrays.setAll(rank, t -> Arrays.binarySearch(sorted, names[t], Arrays::compareUnsigned));
        return rank;
    }
}
