package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.arrow.store.EpochWriter;
import io.nexusid.arrow.store.FingerprintHash;
import io.nexusid.arrow.store.RowIdentities;
import io.nexusid.arrow.store.Snapshot;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** Which rows a store has taken, ever: their contents, their ids, and the ids of which several versions came. Immutable. */
final class StoredAcceptance {
    private static final String CONTENTS = "contents";
    private static final String IDS = "ids";

    private final FingerprintHash hash;
    private final RowIdentities contents;
    private final RowIdentities ids;
    private final Map<InputTable, RowIdentities> changedIds;

    private StoredAcceptance(
            FingerprintHash hash,
            RowIdentities contents,
            RowIdentities ids,
            Map<InputTable, RowIdentities> changedIds) {
        this.hash = hash;
        this.contents = contents;
        this.ids = ids;
        this.changedIds = changedIds;
    }

    static StoredAcceptance open(Snapshot snapshot) throws IOException {
        Map<InputTable, RowIdentities> changed = new EnumMap<>(InputTable.class);
        for (InputTable table : InputTable.values()) {
            changed.put(table, RowIdentities.open(snapshot, changedName(table)));
        }
        return new StoredAcceptance(
                new FingerprintHash(snapshot.key()),
                RowIdentities.open(snapshot, CONTENTS),
                RowIdentities.open(snapshot, IDS),
                changed);
    }

    /** The same as a later snapshot has it. */
    StoredAcceptance at(Snapshot snapshot) throws IOException {
        Map<InputTable, RowIdentities> changed = new EnumMap<>(InputTable.class);
        for (Map.Entry<InputTable, RowIdentities> entry : changedIds.entrySet()) {
            changed.put(entry.getKey(), entry.getValue().at(snapshot));
        }
        return new StoredAcceptance(hash, contents.at(snapshot), ids.at(snapshot), changed);
    }

    private static String changedName(InputTable table) {
        return "changed." + table.tableName();
    }

    FingerprintHash hash() {
        return hash;
    }

    RowIdentities contents() {
        return contents;
    }

    RowIdentities ids() {
        return ids;
    }

    /** The ids of a table of which more than one version was taken. */
    RowIdentities changedIds(InputTable table) {
        return changedIds.getOrDefault(table, ids);
    }

    /** Adds what a log brought to an epoch. */
    void add(EpochWriter epoch, Intake intake) throws IOException {
        contents.add(epoch, intake.acceptedContents());
        ids.add(epoch, intake.acceptedIds());
        for (Map.Entry<InputTable, RowIdentities.Acceptance> entry :
                intake.acceptedChanges().entrySet()) {
            changedIds(entry.getKey()).add(epoch, entry.getValue());
        }
    }

    void compact(EpochWriter epoch) throws IOException {
        contents.compact(epoch);
        ids.compact(epoch);
        for (RowIdentities changed : changedIds.values()) {
            changed.compact(epoch);
        }
    }
}
