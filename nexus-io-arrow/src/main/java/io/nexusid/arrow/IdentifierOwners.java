package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.OutputTable;
import io.nexusid.arrow.format.TextBlock;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.function.IntConsumer;

/**
 * Which entities own an identifier that another table names: those that {@link OutputTable#IDENTIFIERS_TO_ENTITY_ID}
 * lists for it. An identifier of a resolved type has one owner or none; a registered source id, named as
 * {@code <type>_id} or as it was observed, one per source that registered it.
 */
final class IdentifierOwners {
    /** The owner of an identifier that nobody owns. */
    static final int NONE = -1;

    private final Run run;
    private final Identity identity;
    private final IdentifierText identifierText;

    IdentifierOwners(Run run, Identity identity) {
        this.run = run;
        this.identity = identity;
        this.identifierText = new IdentifierText(run);
    }

    /**
     * Appends the owner of each cell: an ordinal, {@link #NONE}, or below that a token for several registered entities
     * that only {@link #forEach} reads.
     *
     * @param entityTypes codes of the cells' entity types, from {@code typesFrom} on
     * @param identifierTypes codes of the cells' identifier types, likewise
     * @param expected how many owners there will probably be, or -1
     */
    void add(
            int[] entityTypes,
            int[] identifierTypes,
            int typesFrom,
            TextBlock block,
            IntArrayList owners,
            long expected) {
        IdentifierRows rows = identity.rows();
        int[] kinds = block.kinds(0);
        for (int i = 0; i < block.rows(); i++) {
            int type = entityTypes[typesFrom + i];
            kinds[i] = kinds[i] >= 0 && identity.isResolvedType(type)
                    ? rows.kinds().find(type, identifierTypes[typesFrom + i])
                    : IdentifierKinds.NONE;
        }
        int from = Growth.extend(owners, block.rows(), expected);
        int[] out = owners.elements();
        identifierText.findAll(rows, kinds, block, out, from);
        for (int i = 0; i < block.rows(); i++) {
            int type = entityTypes[typesFrom + i];
            boolean registered = type >= 0 && !identity.isResolvedType(type) && !block.isNull(i);
            out[from + i] = registered
                    ? registeredOwner(type, identifierTypes[typesFrom + i], block, i)
                    : identity.ordinalOfNode(out[from + i]);
        }
    }

    private int registeredOwner(int entityType, int identifierType, TextBlock block, int i) {
        IdentifierRows rows = identity.rows();
        int kind = rows.kinds().find(entityType, identifierType);
        int first = identity.registrations().first(entityType, block.bytes(), block.from(i), block.length(i));
        boolean named = first >= 0
                && (isSourceId(entityType, identifierType)
                        || (kind >= 0 && rows.nodes().find(kind, block.bytes(), block.from(i), block.length(i)) >= 0));
        return named ? NONE - 1 - first : NONE;
    }

    private boolean isSourceId(int entityType, int identifierType) {
        return identifierType >= 0
                && new String(run.identifierTypeNames().bytes(identifierType), UTF_8)
                        .equals(new String(run.entityTypeNames().bytes(entityType), UTF_8) + "_id");
    }

    /** Hands over the ordinal of each entity behind an owner. */
    void forEach(int owner, IntConsumer ordinals) {
        if (owner >= 0) {
            ordinals.accept(owner);
        } else if (owner < NONE) {
            Registrations registrations = identity.registrations();
            for (int link = NONE - 1 - owner; link >= 0; link = registrations.next(link)) {
                ordinals.accept(identity.index().ofRegistration(registrations.entityOfLink(link)));
            }
        }
    }
}
