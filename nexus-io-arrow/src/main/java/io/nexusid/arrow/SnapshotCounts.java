package io.nexusid.arrow;

import io.nexusid.api.RunReport;
import java.util.Map;

/** What became of the rows that the snapshot diffs of a log have read, over all of their files. */
final class SnapshotCounts {
    private boolean any;
    private long rows;
    private long rejected;
    private long withoutKey;
    private long withoutValue;

    void add(SnapshotSightings sightings) {
        any = true;
        rows += sightings.rowsRead();
        rejected += sightings.rejects().size();
        withoutKey += sightings.withoutKey();
        withoutValue += sightings.withoutValue();
    }

    /** Adds itself to a report, if there was any. */
    void addTo(Map<String, RunReport.TableIn> tablesIn, Map<String, Long> unmatched) {
        if (!any) {
            return;
        }
        tablesIn.put(Rejects.SNAPSHOTS, new RunReport.TableIn(rows, rejected));
        if (withoutKey > 0) {
            unmatched.put(Rejects.SNAPSHOTS + ".no_key", withoutKey);
        }
        if (withoutValue > 0) {
            unmatched.put(Rejects.SNAPSHOTS + ".no_value", withoutValue);
        }
    }
}
