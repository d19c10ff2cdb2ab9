package io.nexusid.arrow.store;

import io.nexusid.api.NexusDataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What reading every byte of a store brought up.
 *
 * @param epochs how many epochs were read
 * @param segments how many segments
 * @param bytes how many bytes of segments
 * @param damages one line for each damage, with file and offset; empty if all is as it was written
 */
public record Verification(int epochs, int segments, long bytes, List<String> damages) {
    public Verification {
        damages = List.copyOf(damages);
    }

    /** Whether every byte is as it was written. */
    public boolean clean() {
        return damages.isEmpty();
    }

    static Verification of(Disk disk, Manifest latest) throws IOException {
        Reading reading = new Reading(disk, latest);
        for (long epoch = latest.oldestKept(); epoch <= latest.epoch(); epoch++) {
            reading.epoch(epoch);
        }
        return new Verification(reading.epochs, reading.seen.size(), reading.bytes, reading.damages);
    }

    private static final class Reading {
        private final Disk disk;
        private final Manifest latest;
        private final Set<SegmentInfo> seen = new HashSet<>();
        private final List<String> damages = new ArrayList<>();
        private int epochs;
        private long bytes;

        Reading(Disk disk, Manifest latest) {
            this.disk = disk;
            this.latest = latest;
        }

        void epoch(long epoch) throws IOException {
            try {
                Manifest manifest = Manifest.read(disk, epoch);
                FileHeader.sameStore(
                        manifest.file(), latest.key().id(), manifest.key().id());
                epochs++;
                for (SegmentInfo info : manifest.segments()) {
                    if (seen.add(info)) {
                        segment(info, epoch);
                    }
                }
            } catch (NexusDataException | IOException e) {
                damaged(FileNames.manifest(epoch), epoch, e);
            }
        }

        private void segment(SegmentInfo info, long epoch) throws IOException {
            try {
                Segment segment = Segment.open(disk, info, latest.key().id());
                try {
                    blocks(segment);
                } finally {
                    segment.release();
                }
            } catch (NexusDataException | IOException e) {
                damaged(info.file(), epoch, e);
            }
        }

        private void blocks(Segment segment) throws IOException {
            bytes += segment.info().length();
            for (SegmentColumn column : segment.columns()) {
                for (int b = 0; b < column.blocks(); b++) {
                    try {
                        column.check(b);
                    } catch (NexusDataException | IOException e) {
                        damages.add(line(segment.file(), e));
                    }
                }
            }
        }

        /** A writer may drop the epoch while it is read: what is gone by its leave is no damage. */
        private void damaged(String file, long epoch, Exception e) throws IOException {
            long named = CurrentEpoch.read(disk);
            if (epoch >= named || Manifest.read(disk, named).oldestKept() <= epoch) {
                damages.add(line(file, e));
            }
        }

        private static String line(String file, Exception e) {
            return e instanceof IOException ? file + ": " + e : String.valueOf(e.getMessage());
        }
    }
}
