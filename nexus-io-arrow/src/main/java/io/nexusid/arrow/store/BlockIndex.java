package io.nexusid.arrow.store;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;

/**
 * Where the blocks of a column lie, and the checksum of each page of {@value #PAGE} bytes of them. Pages are counted from the
 * start of their block; the last one is as long as what is left. 20 bytes of memory a block and 4 a page.
 */
final class BlockIndex {
    /** Bytes of a page: what is read and checked to read the least of a block. */
    static final int PAGE = 1 << 12;
    /** Bytes of the shortest entry of a block in a directory. */
    private static final int LEAST_ENTRY = 12;

    private final LongArrayList offsets = new LongArrayList();
    private final IntArrayList lengths = new IntArrayList();
    private final IntArrayList firstPages = new IntArrayList();
    private final IntArrayList checksums = new IntArrayList();

    /** How many pages a block of so many bytes has. */
    static int pages(int length) {
        return (length + PAGE - 1) / PAGE;
    }

    int blocks() {
        return lengths.size();
    }

    /** Where a block begins in the file. */
    long offset(int block) {
        return offsets.getLong(block);
    }

    /** The bytes of a block. */
    int length(int block) {
        return lengths.getInt(block);
    }

    /** The checksum of a page of a block. */
    int checksum(int block, int page) {
        return checksums.getInt(firstPages.getInt(block) + page);
    }

    /** Adds a block, whose pages are added next. */
    void addBlock(long offset, int length) {
        offsets.add(offset);
        lengths.add(length);
        firstPages.add(checksums.size());
    }

    void addPage(int checksum) {
        checksums.add(checksum);
    }

    /** Where the last block ends. */
    private long end() {
        return offset(blocks() - 1) + length(blocks() - 1);
    }

    void write(FieldWriter fields) {
        fields.putInt(blocks());
        for (int block = 0; block < blocks(); block++) {
            fields.putLong(offset(block)).putInt(length(block));
            for (int page = 0; page < pages(length(block)); page++) {
                fields.putInt(checksum(block, page));
            }
        }
    }

    static BlockIndex read(FieldReader fields, ColumnType type, int longest) {
        BlockIndex index = new BlockIndex();
        for (int left = fields.getCount(LEAST_ENTRY); left > 0; left--) {
            long offset = fields.getSize();
            int length = fields.getInt();
            if (length < 0 || length > longest || length % type.width() != 0) {
                throw fields.damage("a block length that cannot be");
            }
            index.addBlock(offset, length);
            if (index.end() < 0) {
                throw fields.damage("a block that ends beyond every file");
            }
            for (int page = pages(length); page > 0; page--) {
                index.addPage(fields.getInt());
            }
        }
        index.offsets.trim();
        index.lengths.trim();
        index.firstPages.trim();
        index.checksums.trim();
        return index;
    }
}
