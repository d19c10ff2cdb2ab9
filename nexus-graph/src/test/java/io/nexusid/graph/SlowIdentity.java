package io.nexusid.graph;

import io.nexusid.api.SurrogateKey;
import io.nexusid.graph.LivingGraph.Name;
import io.nexusid.graph.LivingGraph.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Who is who, from scratch and from all rows, with maps and breadth-first search. */
final class SlowIdentity {
    /** Identifiers compare by type, then value; the test's text is such that UTF-16 and UTF-8 agree. */
    static final Comparator<Name> BY_NAME =
            Comparator.comparing(Name::entityType).thenComparing(Name::type).thenComparing(Name::value);

    private SlowIdentity() {}

    /** The sets of identifiers that are one entity. */
    static Set<Set<Name>> partition(List<Row> rows) {
        Map<Name, Set<String>> edgesOf = new HashMap<>();
        Map<String, Set<Name>> namesOn = new HashMap<>();
        for (Row row : rows) {
            if (LivingGraph.TYPES.contains(row.name().entityType())) {
                Set<String> edges = edgesOf.computeIfAbsent(row.name(), name -> new HashSet<>());
                if (row.edge() != null) {
                    String edge = row.name().entityType() + "|" + row.edge();
                    edges.add(edge);
                    namesOn.computeIfAbsent(edge, e -> new HashSet<>()).add(row.name());
                }
            }
        }
        Set<Set<Name>> partition = new HashSet<>();
        Set<Name> done = new HashSet<>();
        for (Name start : edgesOf.keySet()) {
            if (!done.add(start)) {
                continue;
            }
            Set<Name> component = new TreeSet<>(BY_NAME);
            Deque<Name> queue = new ArrayDeque<>(List.of(start));
            while (!queue.isEmpty()) {
                Name name = queue.remove();
                component.add(name);
                for (String edge : edgesOf.get(name)) {
                    for (Name other : namesOn.get(edge)) {
                        if (done.add(other)) {
                            queue.add(other);
                        }
                    }
                }
            }
            partition.add(component);
        }
        return partition;
    }

    /** What each entity is called under content ids: "type hex" by the set of its identifiers. */
    static Map<Set<Name>, String> contentIds(Set<Set<Name>> partition) {
        List<Set<Name>> inOrder = new ArrayList<>(partition);
        inOrder.sort(Comparator.comparing(SlowIdentity::smallest, BY_NAME));
        Map<Set<Name>, String> ids = new HashMap<>();
        Set<String> taken = new HashSet<>();
        for (Set<Name> component : inOrder) {
            Name name = smallest(component);
            String id = name.entityType() + " " + SurrogateKey.of(name.type(), name.value());
            if (taken.add(id)) {
                ids.put(component, id);
            }
        }
        for (Set<Name> component : inOrder) {
            Name name = smallest(component);
            for (int number = 2; !ids.containsKey(component); number++) {
                String id = name.entityType() + " " + SurrogateKey.of(name.type(), name.value(), "#" + number);
                if (taken.add(id)) {
                    ids.put(component, id);
                }
            }
        }
        return ids;
    }

    private static Name smallest(Set<Name> component) {
        return component.stream().min(BY_NAME).orElseThrow();
    }
}
