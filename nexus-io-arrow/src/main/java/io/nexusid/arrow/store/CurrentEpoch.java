package io.nexusid.arrow.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The file {@code CURRENT}, whose replacement is the commit: three lines of ASCII, the format, the manifest's name and a
 * checksum of the two.
 */
final class CurrentEpoch {
    private static final int LONGEST = 200;
    private static final Pattern TEXT =
            Pattern.compile("((nexus store ([0-9]{1,9})\n)(manifest-[0-9]{12,18})\n)([0-9a-f]{8})\n");
    private static final Pattern NEWER = Pattern.compile("(?s)(nexus store ([0-9]{1,9})\n.*)([0-9a-f]{8})\n");

    private CurrentEpoch() {}

    static byte[] encode(long epoch) {
        String text = "nexus store " + FileHeader.VERSION + "\n" + FileNames.manifest(epoch) + "\n";
        return (text + checksum(text) + "\n").getBytes(US_ASCII);
    }

    static long read(Disk disk) throws IOException {
        String text = new String(WholeFile.read(disk, FileNames.CURRENT, LONGEST), US_ASCII);
        Matcher any = NEWER.matcher(text);
        if (any.matches() && any.group(3).equals(checksum(any.group(1)))) {
            int version = Integer.parseInt(any.group(2));
            if (version > FileHeader.VERSION) {
                throw StoreDamage.newer(FileNames.CURRENT, version);
            }
            Matcher known = TEXT.matcher(text);
            long epoch = known.matches() ? FileNames.epochOf(known.group(4)) : -1;
            if (epoch >= 0 && version == FileHeader.VERSION) {
                return epoch;
            }
        }
        throw StoreDamage.at(FileNames.CURRENT, 0, "this names no manifest");
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(US_ASCII));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }
}
