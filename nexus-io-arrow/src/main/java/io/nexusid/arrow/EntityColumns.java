package io.nexusid.arrow;

import io.nexusid.api.IdForm;
import io.nexusid.api.NexusConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;

/**
 * How tables name entities: by id, and if the run is to have surrogate keys by a whole number too, in columns behind all
 * others. The key of an entity is its ordinal counted from 1, which is its row in {@code nexus_entities}.
 */
final class EntityColumns {
    /**
     * A column of keys.
     *
     * @param name the id column's with {@code key} for {@code id}
     * @param ordinal the entity of a row, below 0 for none
     */
    record Key(String name, IntUnaryOperator ordinal) {}

    private final EntityIndex index;
    private final IdForm form;
    private final boolean keys;

    EntityColumns(EntityIndex index, NexusConfig config) {
        this.index = index;
        this.form = config.ids();
        this.keys = config.surrogateKeys();
    }

    /** The ids of entities given by ordinal, below 0 for none. */
    OutputColumn id(String name, IntUnaryOperator ordinal) {
        return OutputColumn.id(form, name, (row, out) -> index.appendId(ordinal.applyAsInt(row), out));
    }

    /** The columns, and behind them those of the keys if the run is to have them. */
    List<OutputColumn> withKeys(List<OutputColumn> columns, Key... keysOfRows) {
        if (!keys) {
            return columns;
        }
        List<OutputColumn> all = new ArrayList<>(columns);
        for (Key key : keysOfRows) {
            all.add(OutputColumn.key(key.name(), key.ordinal()));
        }
        return all;
    }

    /** The names that data cannot have in a table: these, and the key's if there is one. */
    static Set<String> fixed(NexusConfig config, Set<String> names, String key) {
        Set<String> all = new TreeSet<>(names);
        if (config.surrogateKeys()) {
            all.add(key);
        }
        return all;
    }
}
