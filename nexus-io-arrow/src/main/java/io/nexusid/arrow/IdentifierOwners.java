package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.OutputTable;
import io.nexusid.arrow.format.TextBlock;
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
     * The owner of cell {@code i}: an ordinal, {@link #NONE}, or below that a token for several registered entities that
     * only {@link #forEach} reads.
     */
    int owner(int entityType, int identifierType, TextBlock block, int i) {
        if (block.isNull(i) || entityType < 0) {
            return NONE;
        }
        IdentifierRows rows = identity.rows();
        int kind = rows.kinds().find(entityType, identifierType);
        if (identity.isResolvedType(entityType)) {
            return kind < 0
                    ? NONE
                    : identity.ordinalOfNode(identifierText.find(rows.nodes(), rows.kinds(), kind, block, i));
        }
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

    /** Hands over the ordinal of each entity behind an {@link #owner}. */
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
