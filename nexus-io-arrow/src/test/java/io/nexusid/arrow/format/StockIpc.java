package io.nexusid.arrow.format;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.airlift.compress.zstd.ZstdCompressor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.compression.AbstractCompressionCodec;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowDictionaryBatch;
import org.apache.arrow.vector.ipc.message.ArrowFooter;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageChannelReader;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * IPC as Arrow's own serializer writes it and its own reader reads it, with channels that copy through the heap, since
 * the stock ones ask for a JVM flag.
 */
final class StockIpc {
    /** Plays the messages of a stream into a file or stream. */
    static final class Writer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final HeapWriteChannel out = new HeapWriteChannel(bytes);
        private final Schema schema;
        private final boolean file;
        private final CompressionCodec codec;
        private final List<ArrowBlock> batches = new ArrayList<>();
        private final List<ArrowBlock> dictionaries = new ArrayList<>();

        private Writer(Schema schema, boolean file, CompressionCodec codec) throws IOException {
            this.schema = schema;
            this.file = file;
            this.codec = codec;
            if (file) {
                out.write("ARROW1\0\0".getBytes(US_ASCII));
            }
            MessageSerializer.serialize(out, schema, IpcOption.DEFAULT);
        }

        Writer batch(VectorSchemaRoot root) throws IOException {
            try (ArrowRecordBatch batch = new VectorUnloader(root, true, codec, true).getRecordBatch()) {
                batches.add(MessageSerializer.serialize(out, batch, IpcOption.DEFAULT));
            }
            return this;
        }

        Writer dictionary(long id, FieldVector values, boolean delta) throws IOException {
            VectorSchemaRoot root =
                    new VectorSchemaRoot(List.of(values.getField()), List.of(values), values.getValueCount());
            try (ArrowDictionaryBatch dictionary =
                    new ArrowDictionaryBatch(id, new VectorUnloader(root, true, codec, true).getRecordBatch(), delta)) {
                dictionaries.add(MessageSerializer.serialize(out, dictionary, IpcOption.DEFAULT));
            }
            return this;
        }

        byte[] finish() throws IOException {
            out.writeIntLittleEndian(MessageSerializer.IPC_CONTINUATION_TOKEN);
            out.writeIntLittleEndian(0);
            if (file) {
                long start = out.getCurrentPosition();
                out.write(new ArrowFooter(schema, dictionaries, batches), false);
                out.writeIntLittleEndian((int) (out.getCurrentPosition() - start));
                out.write("ARROW1".getBytes(US_ASCII));
            }
            return bytes.toByteArray();
        }
    }

    private StockIpc() {}

    static Writer stream(Schema schema) throws IOException {
        return new Writer(schema, false, NoCompressionCodec.INSTANCE);
    }

    static Writer file(Schema schema) throws IOException {
        return new Writer(schema, true, NoCompressionCodec.INSTANCE);
    }

    static Writer zstdFile(Schema schema) throws IOException {
        return new Writer(schema, true, new Zstd(CompressionUtil.CodecType.ZSTD));
    }

    /** Says LZ4; what is in the buffers does not matter. */
    static Writer lz4File(Schema schema) throws IOException {
        return new Writer(schema, true, new Zstd(CompressionUtil.CodecType.LZ4_FRAME));
    }

    /** Arrow's own reader over a stream. */
    static ArrowStreamReader reader(byte[] stream, BufferAllocator allocator) {
        return new ArrowStreamReader(new MessageChannelReader(new HeapReadChannel(stream), allocator), allocator);
    }

    private static final class HeapWriteChannel extends WriteChannel {
        HeapWriteChannel(ByteArrayOutputStream out) {
            super(Channels.newChannel(out));
        }

        @Override
        public void write(ArrowBuf buffer) throws IOException {
            byte[] bytes = new byte[(int) buffer.readableBytes()];
            buffer.getBytes(buffer.readerIndex(), bytes);
            write(bytes);
        }
    }

    private static final class HeapReadChannel extends ReadChannel {
        private final ByteArrayInputStream in;

        HeapReadChannel(byte[] bytes) {
            this(new ByteArrayInputStream(bytes));
        }

        private HeapReadChannel(ByteArrayInputStream in) {
            super(Channels.newChannel(in));
            this.in = in;
        }

        @Override
        public long readFully(ArrowBuf buffer, long length) {
            byte[] bytes = new byte[(int) length];
            int read = Math.max(0, in.read(bytes, 0, bytes.length));
            buffer.setBytes(0, bytes, 0, read);
            buffer.writerIndex(read);
            return read;
        }
    }

    private static final class Zstd extends AbstractCompressionCodec {
        private final CompressionUtil.CodecType type;

        Zstd(CompressionUtil.CodecType type) {
            this.type = type;
        }

        @Override
        protected ArrowBuf doCompress(BufferAllocator allocator, ArrowBuf plain) {
            byte[] bytes = new byte[(int) plain.writerIndex()];
            plain.getBytes(0, bytes);
            ZstdCompressor compressor = new ZstdCompressor();
            byte[] packed = new byte[compressor.maxCompressedLength(bytes.length)];
            int length = compressor.compress(bytes, 0, bytes.length, packed, 0, packed.length);
            ArrowBuf out = allocator.buffer(CompressionUtil.SIZE_OF_UNCOMPRESSED_LENGTH + length);
            out.setBytes(CompressionUtil.SIZE_OF_UNCOMPRESSED_LENGTH, Arrays.copyOf(packed, length));
            out.writerIndex(CompressionUtil.SIZE_OF_UNCOMPRESSED_LENGTH + length);
            return out;
        }

        @Override
        protected ArrowBuf doDecompress(BufferAllocator allocator, ArrowBuf packed) {
            throw new UncheckedIOException(new IOException("only writes"));
        }

        @Override
        public CompressionUtil.CodecType getCodecType() {
            return type;
        }
    }
}
