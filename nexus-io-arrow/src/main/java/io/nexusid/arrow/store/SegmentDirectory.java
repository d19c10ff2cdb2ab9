package io.nexusid.arrow.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which blocks a segment has, at the end of its file. Together the blocks fill the file without a gap. */
final class SegmentDirectory {
    private static final int LEAST_COLUMN = 12;

    /** One column while its segment is written. */
    record Column(String name, ColumnType type, BlockIndex blocks) {}

    private record Extent(long offset, int length) {}

    private SegmentDirectory() {}

    static FieldWriter write(Collection<Column> columns) {
        FieldWriter fields = new FieldWriter().putInt(columns.size());
        for (Column column : columns) {
            fields.putText(column.name).putInt(column.type.tag());
            column.blocks.write(fields);
        }
        return fields;
    }

    /** Reads the directory whose checksum was found right. */
    static Map<String, SegmentColumn> read(Segment segment, FieldReader fields, long end) {
        Map<String, SegmentColumn> columns = new LinkedHashMap<>();
        List<Extent> all = new ArrayList<>();
        for (int left = fields.getCount(LEAST_COLUMN); left > 0; left--) {
            String name = fields.getText();
            ColumnType type = ColumnType.read(fields);
            BlockIndex blocks = BlockIndex.read(fields, type, SegmentWriter.LONGEST_BLOCK);
            for (int b = 0; b < blocks.blocks(); b++) {
                all.add(new Extent(blocks.offset(b), blocks.length(b)));
            }
            if (columns.put(name, new SegmentColumn(segment, name, type, blocks)) != null) {
                throw fields.damage("a column that was there before");
            }
        }
        fields.expectEnd();
        expectNoGap(all, fields, end);
        return columns;
    }

    /** So that no byte of the file escapes the checksums, and no block reaches beyond it. */
    private static void expectNoGap(List<Extent> blocks, FieldReader fields, long end) {
        blocks.sort((a, b) ->
                a.offset != b.offset ? Long.compare(a.offset, b.offset) : Integer.compare(a.length, b.length));
        long at = FileHeader.LENGTH;
        for (Extent block : blocks) {
            if (block.offset != at) {
                throw fields.damage("blocks that do not follow each other");
            }
            at += block.length;
        }
        if (at != end) {
            throw fields.damage("blocks that do not fill the file");
        }
    }
}
