package io.nexusid.arrow;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Names of columns that come from the data: {@code Full Name} becomes {@code full_name}. */
final class ColumnNames {
    private ColumnNames() {}

    /** The column form of a name: lower case, spaces as underscores. */
    static String normalize(String name) {
        return TextCase.lower(name).replace(' ', '_');
    }

    /**
     * For each wanted name the column it gets: itself, or with the prefix put before it until it is neither
     * taken nor wanted by or given to another. Names are served in byte order, so the answer is a function of the set.
     */
    static Map<String, String> free(String prefix, Collection<String> wanted, Predicate<String> taken) {
        List<String> inOrder = wanted.stream().distinct().sorted(Bytes.ORDER).toList();
        Set<String> names = new HashSet<>(inOrder);
        Map<String, String> given = new HashMap<>();
        for (String name : inOrder) {
            String column = name;
            while (taken.test(column) || (!column.equals(name) && names.contains(column))) {
                column = prefix + column;
            }
            given.put(name, column);
            names.add(column);
        }
        return given;
    }
}
