package io.nexusid.arrow;

import io.nexusid.api.RunReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The part of a {@link RunReport} that follows from who is who. */
final class Reports {
    static final RunReport EMPTY =
            new RunReport(Map.of(), Map.of(), Map.of(), 0, 0, 0, 0, 0, Map.of(), Map.of(), Map.of(), 0, 0, List.of());

    private Reports() {}

    static RunReport of(Identity identity) {
        Map<String, Long> entities = new LinkedHashMap<>();
        for (String type : identity.resolvedTypes()) {
            entities.put(type, count(identity, type));
        }
        for (String type : identity.registrations().typesInOrder()) {
            entities.put(type, count(identity, type));
        }
        return new RunReport(
                Map.of(),
                Map.of(),
                Map.of(),
                identity.identifiers(),
                identity.links(),
                identity.components(),
                identity.largestComponent(),
                identity.idCollisions(),
                entities,
                Map.of(),
                Map.of(),
                0,
                0,
                List.of());
    }

    private static long count(Identity identity, String type) {
        return (long) identity.index().endOfType(type) - identity.index().firstOfType(type);
    }
}
