package io.nexusid.arrow.format;

import io.airlift.compress.zstd.ZstdDecompressor;
import io.nexusid.api.FaultCode;
import java.io.IOException;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.BodyCompressionMethod;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The body of one record batch in its file: buffers, each by itself compressed with zstd or not at all. LZ4 is not read.
 *
 * <p>A compressed buffer announces its length. Zstd cannot pack more than 128 KiB into the few bytes of a block, so an
 * announcement beyond that ratio is refused before anything is allocated; below it, a buffer takes as much heap as it
 * announces, once, and one that does not fit the heap is refused as too large.
 */
final class IpcBody {
    private static final int LENGTH_BYTES = 8;
    private static final long UNCOMPRESSED = -1;
    /** A run-length block: three bytes of header and one of content for 128 KiB. */
    private static final long MOST_BYTES_PER_BYTE = (128 << 10) / 4;

    private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final IpcInput input;
    private final long position;
    private final long length;
    private final boolean compressed;
    private long left;

    /** @param compression what the metadata says, or null for none */
    IpcBody(IpcInput input, long position, long length, @Nullable BodyCompression compression) {
        this.input = input;
        this.position = position;
        this.length = length;
        this.left = length;
        this.compressed = compression != null;
        if (compression != null
                && (compression.codec() != CompressionType.ZSTD
                        || compression.method() != BodyCompressionMethod.BUFFER)) {
            throw input.origin()
                    .fault(FaultCode.UNSUPPORTED_CODEC)
                    .because("the file is compressed with LZ4; zstd and no compression are read");
        }
    }

    /** One buffer. */
    interface Part {
        /** Its length without compression. */
        long length();

        /**
         * Its first bytes; the caller closes them.
         *
         * @param needed how many; a corrupt file if there are fewer
         */
        ArrowBuf read(BufferAllocator allocator, long needed) throws IOException;
    }

    /**
     * The buffer at this place in the body. All buffers together are at most as long as the body, so that no bytes can
     * be loaded many times over.
     */
    Part part(long offset, long size) throws IOException {
        if (offset < 0 || size < 0 || offset > length || size > length - offset || size > left) {
            throw input.origin().corrupt("a batch has a buffer outside its body");
        }
        left -= size;
        if (!compressed || size == 0) {
            return new Plain(position + offset, size);
        }
        if (size < LENGTH_BYTES) {
            throw input.origin().corrupt("a batch has a compressed buffer without its length");
        }
        long announced = input.read(position + offset, LENGTH_BYTES).getLong();
        long start = position + offset + LENGTH_BYTES;
        return announced == UNCOMPRESSED
                ? new Plain(start, size - LENGTH_BYTES)
                : new Zstd(start, size - LENGTH_BYTES, announced);
    }

    private void requireEnough(long available, long needed) {
        if (needed > available) {
            throw input.origin()
                    .corrupt("a batch has a buffer of " + available + " bytes where its rows need " + needed);
        }
    }

    private final class Plain implements Part {
        private final long start;
        private final long size;

        Plain(long start, long size) {
            this.start = start;
            this.size = size;
        }

        @Override
        public long length() {
            return size;
        }

        @Override
        public ArrowBuf read(BufferAllocator allocator, long needed) throws IOException {
            requireEnough(size, needed);
            ArrowBuf target = allocator.buffer(needed);
            try {
                input.read(start, target, needed);
                return target;
            } catch (Throwable t) {
                target.close();
                throw t;
            }
        }
    }

    private final class Zstd implements Part {
        private final long start;
        private final long size;
        private final long announced;

        Zstd(long start, long size, long announced) {
            if (announced < 0 || announced / MOST_BYTES_PER_BYTE > size) {
                throw input.origin()
                        .corrupt("a batch has a buffer that announces " + announced + " bytes out of " + size);
            }
            if (announced > LARGEST_ARRAY) {
                throw tooLarge(announced);
            }
            this.start = start;
            this.size = size;
            this.announced = announced;
        }

        @Override
        public long length() {
            return announced;
        }

        @Override
        public ArrowBuf read(BufferAllocator allocator, long needed) throws IOException {
            requireEnough(announced, needed);
            byte[] bytes = decompress();
            ArrowBuf target = allocator.buffer(needed);
            target.setBytes(0, bytes, 0, needed);
            return target;
        }

        private byte[] decompress() throws IOException {
            byte[] packed;
            byte[] bytes;
            try {
                packed = input.bytes(start, (int) size);
                bytes = new byte[(int) announced];
            } catch (OutOfMemoryError e) {
                throw tooLarge(announced);
            }
            int written = new ZstdDecompressor().decompress(packed, 0, packed.length, bytes, 0, bytes.length);
            if (written != bytes.length) {
                throw input.origin()
                        .corrupt("a batch has a buffer of " + written + " bytes that announces " + announced);
            }
            return bytes;
        }
    }

    private RuntimeException tooLarge(long announced) {
        return input.origin()
                .fault(FaultCode.CAPACITY)
                .because("a compressed buffer of " + announced + " bytes does not fit the heap; write smaller batches");
    }
}
