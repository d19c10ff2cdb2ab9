package io.nexusid.arrow.format;

import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Some rows of a table on the heap, the form in which writers take them. Reused from batch to batch. */
public final class HeapBatch {
    private final Schema schema;
    private final HeapColumn[] columns;
    private int rows;

    /**
     * A batch without rows.
     *
     * @throws IllegalArgumentException if a column has a type that no table has
     */
    public HeapBatch(Schema schema) {
        this.schema = schema;
        this.columns = schema.getFields().stream().map(HeapColumn::new).toArray(HeapColumn[]::new);
    }

    /** Names and types of the columns. */
    public Schema schema() {
        return schema;
    }

    /** How many rows count. */
    public int rows() {
        return rows;
    }

    /** Says how many rows were put into the columns. */
    public void rows(int count) {
        rows = count;
    }

    /** The column at a position of the schema. */
    public HeapColumn column(int index) {
        return columns[index];
    }

    /**
     * Copies all rows of an Arrow batch, which stays the caller's.
     *
     * @throws IllegalArgumentException if it does not have these columns
     */
    public HeapBatch load(VectorSchemaRoot batch) {
        checkColumns(batch.getSchema());
        rows = batch.getRowCount();
        for (int i = 0; i < columns.length; i++) {
            columns[i].load(batch.getVector(i), rows);
        }
        return this;
    }

    /** Replaces the rows of an Arrow batch with these columns. */
    public void copyTo(VectorSchemaRoot batch) {
        for (int i = 0; i < columns.length; i++) {
            columns[i].copyTo(batch.getVector(i), rows);
        }
        batch.setRowCount(rows);
    }

    /** Fails unless another schema has the same names and types. */
    void checkColumns(Schema other) {
        List<Field> mine = schema.getFields();
        List<Field> given = other.getFields();
        boolean same = given.size() == mine.size();
        for (int i = 0; same && i < given.size(); i++) {
            same = given.get(i).getName().equals(mine.get(i).getName())
                    && given.get(i).getType().equals(mine.get(i).getType());
        }
        if (!same) {
            throw new IllegalArgumentException("the batch does not have the columns of the file");
        }
    }
}
