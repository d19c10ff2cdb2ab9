package io.nexusid.arrow;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Names of columns that come from the data: {@code Full Name} becomes {@code full_name}. */
final class ColumnNames {
    private static final String DELTA = "_delta";

    private ColumnNames() {}

    /** The column form of a name: lower case, spaces as underscores. */
    static String normalize(String name) {
        return TextCase.lower(name).replace(' ', '_');
    }

    /** What the delta column beside a measurement is called. */
    static String delta(String column) {
        return column + DELTA;
    }

    /** As below, where no name has a delta column. */
    static Map<String, String> free(String prefix, Collection<String> wanted, Set<String> fixed) {
        return free(prefix, wanted, fixed, Set.of());
    }

    /**
     * For each wanted name the column it gets: itself, or if that is a fixed column or somebody's delta, the name with the
     * prefix put before it until neither it nor its delta is fixed, wanted or given. Names are served in byte order, so
     * that the answer is a function of the sets.
     *
     * @param withDelta the wanted names that have a delta column beside them
     */
    static Map<String, String> free(
            String prefix, Collection<String> wanted, Set<String> fixed, Set<String> withDelta) {
        List<String> inOrder = wanted.stream().distinct().sorted(Bytes.ORDER).toList();
        Set<String> taken = new HashSet<>(fixed);
        withDelta.forEach(name -> taken.add(delta(name)));
        Set<String> notToBeGiven = new HashSet<>(taken);
        notToBeGiven.addAll(inOrder);
        Map<String, String> given = new HashMap<>();
        for (String name : inOrder) {
            boolean hasDelta = withDelta.contains(name);
            String column = name;
            while (taken.contains(column)
                    || (!column.equals(name) && notToBeGiven.contains(column))
                    || (!column.equals(name) && hasDelta && notToBeGiven.contains(delta(column)))) {
                column = prefix + column;
            }
            given.put(name, column);
            notToBeGiven.add(column);
            if (hasDelta) {
                notToBeGiven.add(delta(column));
            }
        }
        return given;
    }
}
