package io.nexusid.arrow;

import io.nexusid.graph.KeyDictionary;

/**
 * A few names (of entity types, of identifier types) numbered alike for all tables of a run, so that codes compare.
 * Thread-safe: readers see a dictionary that never changes; a new name makes another one.
 */
final class Names {
    private volatile KeyDictionary known = new KeyDictionary(16);

    /** All names so far. Not to be added to; a name added later is only in what a later call returns. */
    KeyDictionary known() {
        return known;
    }

    /** The code of a name, new or known. */
    int add(byte[] name) {
        int code = known.find(0, name, 0, name.length);
        return code >= 0 ? code : addNew(name);
    }

    private synchronized int addNew(byte[] name) {
        KeyDictionary before = known;
        int code = before.find(0, name, 0, name.length);
        if (code >= 0) {
            return code;
        }
        KeyDictionary after = new KeyDictionary(2 * before.size() + 1);
        for (int i = 0; i < before.size(); i++) {
            byte[] each = before.bytes(i);
            after.add(0, each, 0, each.length);
        }
        code = after.add(0, name, 0, name.length);
        known = after;
        return code;
    }
}
