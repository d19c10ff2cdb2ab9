package io.nexusid.arrow.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which blocks a segment has, at the end of its file. Together the blocks fill the file without a gap. */
final class SegmentDirectory {
    private static final int LEAST_COLUMN = 12;
    private static final int BLOCK = 16;

    /** Where one block lies. */
    record Extent(long offset, int length, int crc) {}

    /** One column while its segment is written. */
    record Column(String name, ColumnType type, List<Extent> blocks) {}

    private SegmentDirectory() {}

    static FieldWriter write(Iterable<Column> columns, int count) {
        FieldWriter fields = new FieldWriter().putInt(count);
        for (Column column : columns) {
            fields.putText(column.name).putInt(column.type.tag()).putInt(column.blocks.size());
            for (Extent block : column.blocks) {
                fields.putLong(block.offset).putInt(block.length).putInt(block.crc);
            }
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
            Extent[] blocks = new Extent[fields.getCount(BLOCK)];
            for (int b = 0; b < blocks.length; b++) {
                blocks[b] = new Extent(fields.getSize(), fields.getInt(), fields.getInt());
                if (blocks[b].length < 0 || blocks[b].length % type.width() != 0) {
                    throw fields.damage("a block length that cannot be");
                }
            }
            Collections.addAll(all, blocks);
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
