package io.nexusid.arrow.format;

import io.airlift.compress.Compressor;
import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Compressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyCompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdCompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;

/**
 * The page codecs, all in Java: snappy, zstd and LZ4 by aircompressor, gzip by the JDK.
 *
 * <p>Each knows how far it can possibly expand, so that a page's announced size is refused before memory is taken for
 * it: a snappy copy gives 64 bytes from three, an LZ4 length byte 255, deflate 1032 to one, a zstd block 128 KiB from
 * four bytes.
 */
public enum ParquetCodec {
    /** No compression. */
    UNCOMPRESSED(1, null, null),
    /** Fast, about half the size. */
    SNAPPY(22, SnappyDecompressor::new, SnappyCompressor::new),
    /** Read only. */
    GZIP(1032, null, null),
    /** Smaller and slower than snappy. */
    ZSTD(32_768, ZstdDecompressor::new, ZstdCompressor::new),
    /** LZ4 blocks without framing. */
    LZ4_RAW(255, Lz4Decompressor::new, Lz4Compressor::new);

    private static final int EXPANSION_SLACK = 64;

    private final int expansion;
    private final @Nullable Supplier<Decompressor> decompressor;
    private final @Nullable Supplier<Compressor> compressor;

    ParquetCodec(
            int expansion, @Nullable Supplier<Decompressor> decompressor, @Nullable Supplier<Compressor> compressor) {
        this.expansion = expansion;
        this.decompressor = decompressor;
        this.compressor = compressor;
    }

    /** The codec a column chunk names, or null if it is not read. */
    static @Nullable ParquetCodec of(CompressionCodec codec) {
        for (ParquetCodec known : values()) {
            if (known.name().equals(codec.name())) {
                return known;
            }
        }
        return null;
    }

    /** Decompresses pages of one column chunk at a time. Not thread-safe. */
    @FunctionalInterface
    interface Inflater {
        /** Fills {@code out[0..outLength)}; anything but exactly that many bytes is an error. */
        void inflate(byte[] in, int offset, int length, byte[] out, int outLength) throws IOException;
    }

    /** A new inflater. */
    Inflater inflater() {
        if (decompressor != null) {
            Decompressor engine = decompressor.get();
            return (in, offset, length, out, outLength) -> {
                int n = engine.decompress(in, offset, length, out, 0, outLength);
                ParquetDamage.unless(n == outLength, "a page does not decompress to its announced size");
            };
        }
        return this == GZIP ? ParquetCodec::gunzip : ParquetCodec::copy;
    }

    /** Whether {@code compressed} bytes can become {@code uncompressed} bytes. */
    boolean canExpand(int compressed, int uncompressed) {
        if (this == UNCOMPRESSED) {
            return compressed == uncompressed;
        }
        return uncompressed <= (long) compressed * expansion + EXPANSION_SLACK;
    }

    private static void copy(byte[] in, int offset, int length, byte[] out, int outLength) {
        ParquetDamage.unless(length == outLength, "a page does not have its announced size");
        System.arraycopy(in, offset, out, 0, length);
    }

    private static void gunzip(byte[] in, int offset, int length, byte[] out, int outLength) throws IOException {
        try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(in, offset, length))) {
            int n = stream.readNBytes(out, 0, outLength);
            ParquetDamage.unless(
                    n == outLength && stream.read() < 0, "a page does not decompress to its announced size");
        }
    }

    /** Compresses pages. Not thread-safe. */
    @FunctionalInterface
    interface Deflater {
        /** The compressed form of {@code in[0..length)}, which may be that very array. */
        byte[] deflate(byte[] in, int length);
    }

    /**
     * A new deflater.
     *
     * @throws IllegalArgumentException if this codec is only read
     */
    Deflater deflater() {
        if (compressor != null) {
            Compressor engine = compressor.get();
            return (in, length) -> {
                byte[] out = new byte[engine.maxCompressedLength(length)];
                return Arrays.copyOf(out, engine.compress(in, 0, length, out, 0, out.length));
            };
        }
        if (this == UNCOMPRESSED) {
            return (in, length) -> in.length == length ? in : Arrays.copyOf(in, length);
        }
        throw new IllegalArgumentException(this + " is not written");
    }

    /** What parquet-java calls it. */
    CompressionCodecName codecName() {
        return CompressionCodecName.valueOf(name());
    }
}
