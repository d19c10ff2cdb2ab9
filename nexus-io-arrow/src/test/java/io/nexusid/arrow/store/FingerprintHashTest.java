package io.nexusid.arrow.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintHashTest {
    private static final FingerprintHash REFERENCE_KEY = new FingerprintHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    /** Length of the message 00 01 02 …, and what {@code openssl mac -macopt size:16 SIPHASH} makes of it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "8 3b62a9ba6258f5610f83e264f31497b4",
                "9 264499060ad9baabc47f8b02bb6d71ed",
                "15 5493e99933b0a8117e08ec0f97cfc3d9",
                "16 6ee2a4ca67b054bbfd3315bf85230577",
                "17 473d06e8738db89854c066c47ae47740",
                "23 c9d184ddd5a9f5e0cf8ce29a9abf691c",
                "31 2939b0183223fafc1723de4f52c43d35",
                "63 5150d1772f50834a503e069a973fbd7c",
                "64 1eaf077dc0d4cd3f8cad4d383658a74b",
                "255 1c9bb67528165f8e468248e3799b0eab",
                "300 ce005a406d14b36d5386b5f7a7e1b311"
            })
    void itIsSipHashOfTheDomainAndTheBytes(String vector) {
        int length = Integer.parseInt(vector.substring(0, vector.indexOf(' ')));
        byte[] padded = new byte[length + 5];
        for (int i = 0; i < length; i++) {
            padded[3 + i] = (byte) i;
        }
        Fingerprints found = new Fingerprints(0);
        REFERENCE_KEY.append(0x0706050403020100L, padded, 3 + Long.BYTES, length - Long.BYTES, found);
        byte[] bytes =
                new FieldWriter().putLong(found.high(0)).putLong(found.low(0)).toBytes();
        assertEquals(vector.substring(vector.indexOf(' ') + 1), HexFormat.of().formatHex(bytes));
    }

    @Test
    void domainKeyAndEveryBytePlayTheirPart() {
        Fingerprints found = new Fingerprints(0);
        byte[] bytes = new byte[20];
        REFERENCE_KEY.append(0, bytes, 0, 20, found);
        REFERENCE_KEY.append(1, bytes, 0, 20, found);
        REFERENCE_KEY.append(0, bytes, 0, 19, found);
        new FingerprintHash(new StoreKey(1, 2, 3)).append(0, bytes, 0, 20, found);
        new FingerprintHash(new StoreKey(1, 2, 4)).append(0, bytes, 0, 20, found);
        new FingerprintHash(new StoreKey(1, 1, 3)).append(0, bytes, 0, 20, found);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = 1;
            REFERENCE_KEY.append(0, bytes, 0, 20, found);
            bytes[i] = 0;
        }
        Set<String> distinct = new HashSet<>();
        for (int n = 0; n < found.size(); n++) {
            distinct.add(found.high(n) + " " + found.low(n));
        }
        assertEquals(found.size(), distinct.size());
    }
}
