package io.nexusid.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Builds the reference's surrogate keys: the parts as text, joined with one hyphen, hashed with MD5.
 *
 * <p>Add the parts, call {@link #finish}, read {@link #high} and {@link #low}; {@link #start} begins the next key. One
 * instance serves one thread; it allocates nothing per key. About 100 ns for keys up to 55 bytes, 180 ns up to 119.
 *
 * <p>The join has no escaping, so {@code ("a","b-c")} and {@code ("a-b","c")} have the same key: good for ids that must
 * equal the reference's, never to tell rows apart.
 */
public final class SurrogateKey {
    /** The text that stands for null in a key. */
    public static final String NULL_TEXT = "_dbt_utils_surrogate_key_null_";
    /** Bytes of a key. */
    public static final int DIGEST_LENGTH = 16;
    /** Bytes of a key in hexadecimal. */
    public static final int HEX_LENGTH = 32;

    private static final byte[] NULL_BYTES = NULL_TEXT.getBytes(US_ASCII);
    private static final long LOW_HALF = 0xFFFFFFFFL;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final MessageDigest md5;
    private final byte[] digest = new byte[DIGEST_LENGTH];
    private byte[] text = new byte[256];
    private int length;
    private boolean first = true;
    private long high;
    private long low;

    /** A builder with no parts yet. */
    public SurrogateKey() {
        try {
            md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /** Forgets all parts. */
    public SurrogateKey start() {
        length = 0;
        first = true;
        return this;
    }

    /** Adds a part given as UTF-8 bytes. */
    public SurrogateKey add(byte[] utf8, int from, int count) {
        int at = claim(count);
        System.arraycopy(utf8, from, text, at, count);
        return this;
    }

    /** Adds a part given as UTF-8 bytes. */
    public SurrogateKey add(byte[] utf8) {
        return add(utf8, 0, utf8.length);
    }

    /** Adds a part; null becomes {@link #NULL_TEXT}. */
    public SurrogateKey add(@Nullable String part) {
        return part == null ? addNull() : add(part.getBytes(UTF_8));
    }

    /**
     * Begins a part of {@code count} bytes that the caller writes into {@link #buffer} from the returned position on,
     * before anything else is added: a part that is copied from elsewhere is copied once.
     */
    public int reserve(int count) {
        return claim(count);
    }

    /** Where reserved parts are written; another array after each call that adds a part. */
    public byte[] buffer() {
        return text;
    }

    /** Adds a null part. */
    public SurrogateKey addNull() {
        return add(NULL_BYTES);
    }

    /** Adds an id {@code prefix_<hex>} without building its text. */
    public SurrogateKey addId(byte[] prefixWithUnderscore, long idHigh, long idLow) {
        int at = claim(prefixWithUnderscore.length + HEX_LENGTH);
        System.arraycopy(prefixWithUnderscore, 0, text, at, prefixWithUnderscore.length);
        writeHex(idHigh, idLow, text, at + prefixWithUnderscore.length);
        return this;
    }

    /** Adds an instant as the dialect writes it. */
    public SurrogateKey addTimestamp(IdDialect dialect, long micros) {
        int at = claim(IdDialect.MAX_TIMESTAMP_LENGTH);
        length = at + dialect.writeTimestamp(micros, text, at);
        return this;
    }

    /** Hashes the parts added since {@link #start}. */
    public SurrogateKey finish() {
        md5.update(text, 0, length);
        try {
            md5.digest(digest, 0, DIGEST_LENGTH);
        } catch (DigestException e) {
            throw new IllegalStateException("16 bytes hold an MD5 digest", e);
        }
        high = (long) LONG.get(digest, 0);
        low = (long) LONG.get(digest, 8);
        return this;
    }

    /** The first eight bytes of the digest, big-endian: ids sort by (high, low) unsigned as their text does. */
    public long high() {
        return high;
    }

    /** The last eight bytes of the digest, big-endian. */
    public long low() {
        return low;
    }

    /** Orders two finished keys as their text. */
    public static int compare(SurrogateKey a, SurrogateKey b) {
        int order = Long.compareUnsigned(a.high, b.high);
        return order != 0 ? order : Long.compareUnsigned(a.low, b.low);
    }

    /** Writes the 32 lower-case hexadecimal digits of a key. */
    public static void writeHex(long high, long low, byte[] out, int at) {
        LONG.set(out, at, digits(high >>> 32));
        LONG.set(out, at + 8, digits(high & LOW_HALF));
        LONG.set(out, at + 16, digits(low >>> 32));
        LONG.set(out, at + 24, digits(low & LOW_HALF));
    }

    /** The eight digits of 32 bits as eight bytes, the first one highest: all of them worked out at once. */
    private static long digits(long bits) {
        long spread = (bits << 16 | bits) & 0x0000FFFF0000FFFFL;
        spread = (spread << 8 | spread) & 0x00FF00FF00FF00FFL;
        spread = (spread << 4 | spread) & 0x0F0F0F0F0F0F0F0FL;
        // Adding 6 carries into the fifth bit from ten on: one there for each letter.
        long letters = (spread + 0x0606060606060606L) >>> 4 & 0x0101010101010101L;
        return spread + 0x3030303030303030L + letters * ('a' - '0' - 10);
    }

    /** The key of these parts as 32 hexadecimal digits. */
    public static String of(@Nullable String... parts) {
        SurrogateKey key = new SurrogateKey();
        for (String part : parts) {
            key.add(part);
        }
        key.finish();
        byte[] hex = new byte[HEX_LENGTH];
        writeHex(key.high, key.low, hex, 0);
        return new String(hex, US_ASCII);
    }

    /** An id of this kind: its prefix, an underscore and the key of the parts. */
    public static String id(String type, @Nullable String... parts) {
        return IdPrefix.of(type) + "_" + of(parts);
    }

    private int claim(int count) {
        int need = length + count + 1;
        if (need > text.length) {
            text = Arrays.copyOf(text, Math.max(need, text.length * 2));
        }
        if (!first) {
            text[length++] = '-';
        }
        first = false;
        int at = length;
        length += count;
        return at;
    }
}
