package io.nexusid.arrow.store;

/**
 * What a manifest says about one segment.
 *
 * @param table whose rows it holds
 * @param number of the file, never used twice
 * @param rows as counted by its writer
 * @param weight rows that went into it, however few they were folded to; segments of similar weight are merged
 * @param rewrites how often a merge has written its rows again
 * @param firstEpoch the epoch of its oldest rows
 * @param lastEpoch the epoch of its newest rows
 * @param length of the file in bytes
 * @param directoryOffset where the directory begins; it reaches to the end of the file
 * @param directoryCrc checksum of the directory
 */
public record SegmentInfo(
        String table,
        long number,
        long rows,
        long weight,
        int rewrites,
        long firstEpoch,
        long lastEpoch,
        long length,
        long directoryOffset,
        int directoryCrc) {
    /** Bytes of the shortest entry. */
    static final int LEAST_LENGTH = 7 * Long.BYTES + 3 * Integer.BYTES;

    String file() {
        return FileNames.segment(number);
    }

    void write(FieldWriter fields) {
        fields.putText(table)
                .putLong(number)
                .putLong(rows)
                .putLong(weight)
                .putInt(rewrites)
                .putLong(firstEpoch)
                .putLong(lastEpoch)
                .putLong(length)
                .putLong(directoryOffset)
                .putInt(directoryCrc);
    }

    static SegmentInfo read(FieldReader fields) {
        SegmentInfo info = new SegmentInfo(
                fields.getText(),
                fields.getSize(),
                fields.getSize(),
                fields.getSize(),
                fields.getInt(),
                fields.getSize(),
                fields.getSize(),
                fields.getSize(),
                fields.getSize(),
                fields.getInt());
        if (info.directoryOffset < FileHeader.LENGTH || info.directoryOffset > info.length - 4 || info.rewrites < 0) {
            throw fields.damage("a segment that cannot be");
        }
        return info;
    }
}
