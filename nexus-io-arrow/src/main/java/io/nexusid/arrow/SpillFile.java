package io.nexusid.arrow;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A temporary file in the Arrow stream format that batches of any flat types are written to as they are. Buffers go out
 * through a heap array, because Arrow's own writer asks for a JVM flag.
 */
final class SpillFile {
    private final Path path;
    private final FileChannel file;
    private final WriteChannel out;

    private SpillFile(Path path, FileChannel file) {
        this.path = path;
        this.file = file;
        this.out = new HeapWriteChannel(file);
    }

    /** Creates the file and writes the schema. */
    static SpillFile create(Schema schema) throws IOException {
        Path path = Files.createTempFile("nexus-", ".arrows");
        try {
            SpillFile spill = new SpillFile(path, FileChannel.open(path, StandardOpenOption.WRITE));
            MessageSerializer.serialize(spill.out, schema);
            return spill;
        } catch (IOException | RuntimeException | Error e) {
            Files.deleteIfExists(path);
            throw e;
        }
    }

    /** Where it is. */
    Path path() {
        return path;
    }

    /** Appends rows, which stay the caller's. */
    void write(VectorSchemaRoot rows) throws IOException {
        try (ArrowRecordBatch batch = new VectorUnloader(rows).getRecordBatch()) {
            MessageSerializer.serialize(out, batch);
        }
    }

    /** Writes the end mark; the file can be read now. */
    void finish() throws IOException {
        out.writeIntLittleEndian(MessageSerializer.IPC_CONTINUATION_TOKEN);
        out.writeIntLittleEndian(0);
        file.close();
    }

    /** Gives up. */
    void delete() throws IOException {
        file.close();
        Files.deleteIfExists(path);
    }

    private static final class HeapWriteChannel extends WriteChannel {
        private final byte[] chunk = new byte[1 << 16];

        HeapWriteChannel(FileChannel file) {
            super(file);
        }

        @Override
        public void write(ArrowBuf buffer) throws IOException {
            long end = buffer.writerIndex();
            for (long at = buffer.readerIndex(); at < end; ) {
                int count = (int) Math.min(chunk.length, end - at);
                buffer.getBytes(at, chunk, 0, count);
                write(chunk, 0, count);
                at += count;
            }
        }

        private void write(byte[] bytes, int from, int count) throws IOException {
            write(java.nio.ByteBuffer.wrap(bytes, from, count));
        }
    }
}
