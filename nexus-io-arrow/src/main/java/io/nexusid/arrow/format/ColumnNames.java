package io.nexusid.arrow.format;

import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;

/** Finds the columns that {@link RowSource#read} asks for. */
final class ColumnNames {
    private ColumnNames() {}

    /**
     * The position of each wanted column.
     *
     * @throws IllegalArgumentException if a name does not occur exactly once
     */
    static int[] positions(List<Field> columns, List<String> wanted) {
        int[] positions = new int[wanted.size()];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = position(columns, wanted.get(i));
        }
        return positions;
    }

    private static int position(List<Field> columns, String name) {
        int found = -1;
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).getName().equals(name)) {
                if (found >= 0) {
                    throw new IllegalArgumentException("column " + name + " occurs more than once");
                }
                found = i;
            }
        }
        if (found < 0) {
            throw new IllegalArgumentException("no column " + name);
        }
        return found;
    }
}
