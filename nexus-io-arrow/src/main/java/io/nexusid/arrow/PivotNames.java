package io.nexusid.arrow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which names of a long table share a column of the wide one, and in which order columns come. */
final class PivotNames {
    private PivotNames() {}

    /** For each name's code the number of its column; names with one normalised form share it. */
    static int[] columnOfName(CodedColumn names) {
        Map<String, Integer> numbers = new HashMap<>();
        int[] columns = new int[names.distinct()];
        for (int code = 0; code < columns.length; code++) {
            columns[code] = numbers.computeIfAbsent(ColumnNames.normalize(names.text(code)), n -> numbers.size());
        }
        return columns;
    }

    /** The normalised names, most rows first, then by name; each with the codes of the names that share it. */
    static Map<String, List<Integer>> byFrequency(CodedColumn names, long[] rowsOfName) {
        Map<String, List<Integer>> codes = new HashMap<>();
        Map<String, Long> rows = new HashMap<>();
        for (int code = 0; code < rowsOfName.length; code++) {
            if (rowsOfName[code] > 0) {
                String column = ColumnNames.normalize(names.text(code));
                codes.computeIfAbsent(column, c -> new ArrayList<>()).add(code);
                rows.merge(column, rowsOfName[code], Long::sum);
            }
        }
        Map<String, List<Integer>> ordered = new LinkedHashMap<>();
        codes.keySet().stream()
                .sorted((a, b) -> {
                    int byRows = Long.compare(rows.getOrDefault(b, 0L), rows.getOrDefault(a, 0L));
                    return byRows != 0 ? byRows : Bytes.ORDER.compare(a, b);
                })
                .forEach(column -> ordered.put(column, codes.getOrDefault(column, List.of())));
        return ordered;
    }
}
