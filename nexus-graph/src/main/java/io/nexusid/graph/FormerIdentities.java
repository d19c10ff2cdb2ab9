package io.nexusid.graph;

import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/**
 * Who was who before everything is resolved anew ({@link Rebuild}), in terms of the dictionaries of now.
 *
 * @param before who was who
 * @param successors the nodes of now that stand for those of before
 * @param typesBefore by entity type of now its number before; -1 if it was not resolved
 * @param relics by entity number of before a node of now with the identifier that its id was minted from. Asked of
 *     entities without successors only: of the others it may be -1. Its entity type may be one that is not resolved any more
 * @param keepsIds by entity number of before, whether its id still looks as it did; if not, who takes it over gets another number
 * @param pinned by entity number of before, whether its id is pinned, as it looks now
 */
public record FormerIdentities(
        IdentitySnapshot before,
        Successors successors,
        IntUnaryOperator typesBefore,
        IntUnaryOperator relics,
        IntPredicate keepsIds,
        IntPredicate pinned) {
    /** Where the rows of an identifier are now. */
    public interface Successors {
        /** Gives each node of now that rows of a node of before name, once, to {@code sink}; none if it is gone. */
        void forEach(int formerNode, IntConsumer sink);
    }
}
