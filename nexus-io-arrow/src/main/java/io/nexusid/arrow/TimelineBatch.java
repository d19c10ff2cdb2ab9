package io.nexusid.arrow;

import io.nexusid.api.IdDialect;
import io.nexusid.api.SurrogateKey;
import io.nexusid.arrow.format.RowReader;
import io.nexusid.states.EntityStates;
import org.jspecify.annotations.Nullable;

/** What the columns of some timeline rows share: their entities, and their ids, which the row after each needs too. */
final class TimelineBatch implements SelectedRows.BatchHook {
    private final StateRows rows;
    private final EntityStates timelines;
    private final int[] entityOfRank;
    private final int @Nullable [] order;
    private final IdDialect dialect;
    private final SurrogateKey key = new SurrogateKey();
    private final int[] timeline = new int[RowReader.MAX_BATCH_ROWS];
    private final int[] entity = new int[RowReader.MAX_BATCH_ROWS];
    private final long[] high = new long[RowReader.MAX_BATCH_ROWS];
    private final long[] low = new long[RowReader.MAX_BATCH_ROWS];
    private int from;

    TimelineBatch(
            StateRows rows, EntityStates timelines, int[] entityOfRank, int @Nullable [] order, IdDialect dialect) {
        this.rows = rows;
        this.timelines = timelines;
        this.entityOfRank = entityOfRank;
        this.order = order;
        this.dialect = dialect;
    }

    @Override
    public void prepare(int start, int count) {
        from = start;
        for (int i = 0; i < count; i++) {
            timeline[i] = SharedIds.row(order, start + i);
            entity[i] = entityOfRank[timelines.entity(timeline[i])];
            hash(entity[i], timeline[i]);
            high[i] = key.high();
            low[i] = key.low();
        }
    }

    private void hash(int ofEntity, int row) {
        rows.addEntityId(ofEntity, key.start())
                .addTimestamp(dialect, timelines.validFrom(row))
                .finish();
    }

    /** The row among the timelines. */
    int timeline(int row) {
        return timeline[row - from];
    }

    /** Number of (entity type, id text). */
    int entity(int row) {
        return entity[row - from];
    }

    void appendId(int row, OutputColumn.Scratch scratch) {
        scratch.appendId(Bytes.ENTITY_STATE_PREFIX, high[row - from], low[row - from]);
    }

    void appendPreviousId(int row, OutputColumn.Scratch scratch) {
        int i = row - from;
        int mine = timeline[i];
        if (!timelines.hasPrevious(mine)) {
            scratch.appendNullId();
        } else if (i > 0 && timeline[i - 1] == mine - 1) {
            scratch.appendId(Bytes.ENTITY_STATE_PREFIX, high[i - 1], low[i - 1]);
        } else {
            hash(entity[i], mine - 1);
            scratch.appendId(Bytes.ENTITY_STATE_PREFIX, key.high(), key.low());
        }
    }
}
