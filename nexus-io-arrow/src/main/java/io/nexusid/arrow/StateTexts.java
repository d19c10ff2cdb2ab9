package io.nexusid.arrow;

import io.nexusid.graph.KeyDictionary;
import io.nexusid.states.StateNumbers;

/** Names, values and categories of states, numbered alike wherever stays come from. */
final class StateTexts {
    private static final byte[] DIMENSION = Bytes.of("dimension");
    private static final byte[] MEASUREMENT = Bytes.of("measurement");

    private final KeyDictionary names = new KeyDictionary(64);
    private final KeyDictionary values = new KeyDictionary(1024);
    private final KeyDictionary categories = new KeyDictionary(8);
    final int dimension = add(categories, DIMENSION);
    final int measurement = add(categories, MEASUREMENT);
    private final CodedColumn valueOrder = new CodedColumn(values);
    private final CodedColumn categoryOrder = new CodedColumn(categories);

    /** Columns named as in {@code states} and {@code state_changes}. */
    LoadedTable.Request columns(LoadedTable.Request request) {
        return request.codes("state_name", new CodedColumn(names))
                .codes("state_value", new CodedColumn(values))
                .codes("state_category", new CodedColumn(categories))
                .numbers("state_numeric_value");
    }

    private static int add(KeyDictionary texts, byte[] text) {
        return texts.add(0, text, 0, text.length);
    }

    int addName(String name) {
        return add(names, Bytes.of(name));
    }

    int addValue(byte[] value) {
        return add(values, value);
    }

    int addCategory(String category) {
        return add(categories, Bytes.of(category));
    }

    /** The category of a change or stay that says none. */
    int categoryOf(int value, long number) {
        return value < 0 && !StateNumbers.isNull(number) ? measurement : dimension;
    }

    KeyDictionary names() {
        return names;
    }

    /** The values; its rows are nobody's. */
    CodedColumn values() {
        return valueOrder;
    }

    /** The categories; its rows are nobody's. */
    CodedColumn categories() {
        return categoryOrder;
    }
}
