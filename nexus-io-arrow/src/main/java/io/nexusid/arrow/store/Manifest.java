package io.nexusid.arrow.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that one epoch is: its segments and its properties. About 100 bytes for each segment.
 *
 * @param epoch its number; 0 is the empty store
 * @param oldestKept the oldest epoch that can still be opened
 * @param key of the store
 * @param nextSegment a number no segment of this or an earlier epoch has
 * @param properties what the caller wanted to keep, by name
 * @param segments in the order in which they were added
 */
record Manifest(
        long epoch,
        long oldestKept,
        StoreKey key,
        long nextSegment,
        SortedMap<String, String> properties,
        List<SegmentInfo> segments) {
    /** A longer file is none of ours. */
    private static final int LONGEST = 1 << 28;

    Manifest {
        properties = new TreeMap<>(properties);
        segments = List.copyOf(segments);
    }

    String file() {
        return FileNames.manifest(epoch);
    }

    byte[] encode() {
        FieldWriter fields = FileHeader.write(FileHeader.MANIFEST, key.id(), epoch)
                .putLong(key.secret0())
                .putLong(key.secret1())
                .putLong(oldestKept)
                .putLong(nextSegment)
                .putInt(properties.size());
        for (Map.Entry<String, String> property : properties.entrySet()) {
            fields.putText(property.getKey()).putText(property.getValue());
        }
        fields.putInt(segments.size());
        for (SegmentInfo segment : segments) {
            segment.write(fields);
        }
        return fields.putInt(fields.crc()).toBytes();
    }

    static Manifest read(Disk disk, long epoch) throws IOException {
        String name = FileNames.manifest(epoch);
        byte[] bytes = WholeFile.read(disk, name, LONGEST);
        if (bytes.length < FileHeader.LENGTH) {
            throw StoreDamage.at(name, bytes.length, "the end of the file");
        }
        long storeId = FileHeader.read(name, bytes, FileHeader.MANIFEST, epoch);
        byte[] body = WholeFile.withoutChecksum(name, bytes, FileHeader.LENGTH);
        return decode(new FieldReader(name, FileHeader.LENGTH, body), epoch, storeId);
    }

    private static Manifest decode(FieldReader fields, long epoch, long storeId) {
        StoreKey key = new StoreKey(storeId, fields.getLong(), fields.getLong());
        long oldestKept = fields.getSize();
        if (oldestKept > epoch) {
            throw fields.damage("an oldest epoch that is yet to come");
        }
        long nextSegment = fields.getSize();
        SortedMap<String, String> properties = new TreeMap<>();
        for (int left = fields.getCount(8); left > 0; left--) {
            properties.put(fields.getText(), fields.getText());
        }
        List<SegmentInfo> segments = new ArrayList<>();
        Set<Long> numbers = new HashSet<>();
        for (int left = fields.getCount(SegmentInfo.LEAST_LENGTH); left > 0; left--) {
            SegmentInfo segment = SegmentInfo.read(fields);
            if (segment.number() >= nextSegment || !numbers.add(segment.number())) {
                throw fields.damage("a segment number that cannot be");
            }
            segments.add(segment);
        }
        fields.expectEnd();
        return new Manifest(epoch, oldestKept, key, nextSegment, properties, segments);
    }
}
