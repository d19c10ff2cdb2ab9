package io.nexusid.arrow;

import java.util.Arrays;

/** The instants of each entity, by ordinal; {@link Instants#NULL} where there is none. 40 bytes an entity. */
final class EntityTimes {
    private final long[] createdAt;
    private final long[] updatedAt;
    private final long[] mergedAt;
    private final long[] firstInteractionAt;
    private final long[] lastInteractionAt;

    EntityTimes(Identity identity, IdentifierEvents seen, Traits traits, EventTimes events) {
        int n = identity.index().count();
        createdAt = nulls(n);
        updatedAt = nulls(n);
        mergedAt = nulls(n);
        firstInteractionAt = nulls(n);
        lastInteractionAt = nulls(n);
        observe(identity, seen, events);
        for (int i = 0; i < traits.size(); i++) {
            int ordinal = traits.ordinal(i);
            updatedAt[ordinal] = Instants.max(updatedAt[ordinal], traits.occurredAt(i));
        }
        for (int ordinal = 0; ordinal < n; ordinal++) {
            int registration = identity.index().registration(ordinal);
            if (registration >= 0) {
                createdAt[ordinal] = identity.registrations().createdAt(registration);
                updatedAt[ordinal] = identity.registrations().updatedAt(registration);
            } else if (updatedAt[ordinal] == Instants.NULL) {
                updatedAt[ordinal] = createdAt[ordinal];
            }
        }
    }

    private void observe(Identity identity, IdentifierEvents seen, EventTimes events) {
        IdentifierRows rows = identity.rows();
        EntityRows pairs = EntityRows.of(identity);
        for (int i = 0; i < pairs.size(); i++) {
            int ordinal = pairs.ordinal(i);
            if (ordinal < 0) {
                continue;
            }
            int row = pairs.row(i);
            int event = seen.event().code(row);
            firstInteractionAt[ordinal] = Instants.min(firstInteractionAt[ordinal], events.earliest(event));
            lastInteractionAt[ordinal] = Instants.max(lastInteractionAt[ordinal], events.latest(event));
            if (identity.index().isResolved(ordinal)) {
                createdAt[ordinal] = Instants.min(createdAt[ordinal], seen.occurredAt()[row]);
                if (rows.edgeOfRow()[row] >= 0) {
                    mergedAt[ordinal] = Instants.max(mergedAt[ordinal], events.latest(event));
                }
            }
        }
    }

    private static long[] nulls(int n) {
        long[] values = new long[n];
        Arrays.fill(values, Instants.NULL);
        return values;
    }

    long createdAt(int ordinal) {
        return createdAt[ordinal];
    }

    long updatedAt(int ordinal) {
        return updatedAt[ordinal];
    }

    long mergedAt(int ordinal) {
        return mergedAt[ordinal];
    }

    long firstInteractionAt(int ordinal) {
        return firstInteractionAt[ordinal];
    }

    long lastInteractionAt(int ordinal) {
        return lastInteractionAt[ordinal];
    }
}
