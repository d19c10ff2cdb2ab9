package io.nexusid.arrow.format;

import io.nexusid.api.FaultCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The messages of an IPC stream, one after the other: {@code FFFFFFFF}, the length of the metadata, the metadata (a
 * flatbuffer), the body. Every length is checked against its limit and against the end of the file before anything of
 * that length is read or allocated.
 */
final class IpcMessages {
    /** The most bytes of metadata of one message, far above what 100,000 columns need. */
    private static final int MAX_METADATA_BYTES = 16 << 20;

    private static final int PREFIX_BYTES = 8;

    /**
     * A message.
     *
     * @param position where it starts in the file
     * @param metadata its flatbuffer
     * @param bodyPosition where its body starts in the file
     * @param bodyLength the bytes of the body, all of them within the file
     */
    record IpcMessage(long position, Message metadata, long bodyPosition, long bodyLength) {
        long end() {
            return bodyPosition + bodyLength;
        }
    }

    private final IpcInput input;
    private final long end;
    private final boolean markerRequired;
    private long position;
    private boolean ended;

    /**
     * @param start of the stream in the file
     * @param end of the stream in the file
     * @param markerRequired whether the stream must end with its marker: without one, a stream cut between two messages
     *     looks whole
     */
    IpcMessages(IpcInput input, long start, long end, boolean markerRequired) {
        this.input = input;
        this.position = start;
        this.end = end;
        this.markerRequired = markerRequired;
    }

    /** The columns, from the first message, which has to be the schema. */
    List<IpcField> schema() throws IOException {
        IpcMessage message = next();
        if (message == null || message.metadata.headerType() != MessageHeader.Schema || message.bodyLength != 0) {
            throw input.origin().corrupt("the stream does not start with a schema");
        }
        Schema schema = (Schema) message.metadata.header(new Schema());
        return IpcSchema.read(input.origin(), schema, message.metadata.version());
    }

    /** The next message, or null at the end. */
    @Nullable IpcMessage next() throws IOException {
        if (ended) {
            return null;
        }
        if (position == end && !markerRequired) {
            return endOfStream();
        }
        if (end - position < PREFIX_BYTES) {
            throw truncated();
        }
        ByteBuffer prefix = input.read(position, PREFIX_BYTES);
        int continuation = prefix.getInt();
        int length = prefix.getInt();
        if (continuation != ArrowTableWriter.CONTINUATION) {
            throw input.origin()
                    .corrupt("no message where one is expected, at byte " + position
                            + " (or a file written before Arrow 0.15)");
        }
        if (length == 0) {
            position += PREFIX_BYTES;
            if (position != end) {
                throw input.origin().corrupt("data behind the end-of-stream marker at byte " + position);
            }
            return endOfStream();
        }
        return message(length);
    }

    private IpcMessage message(int length) throws IOException {
        if (length < 0 || length > MAX_METADATA_BYTES) {
            throw input.origin()
                    .corrupt("metadata of " + Integer.toUnsignedLong(length) + " bytes at byte " + position);
        }
        long bodyPosition = position + PREFIX_BYTES + length;
        if (bodyPosition > end) {
            throw truncated();
        }
        Message metadata = Message.getRootAsMessage(input.read(position + PREFIX_BYTES, length));
        if (metadata.version() < MetadataVersion.V4 || metadata.version() > MetadataVersion.V5) {
            throw input.origin()
                    .fault(FaultCode.UNSUPPORTED_CODEC)
                    .because("IPC metadata of version " + (metadata.version() + 1) + "; versions 4 and 5 are read");
        }
        long bodyLength = metadata.bodyLength();
        if (bodyLength < 0 || bodyLength > end - bodyPosition) {
            throw truncated();
        }
        IpcMessage message = new IpcMessage(position, metadata, bodyPosition, bodyLength);
        position = message.end();
        return message;
    }

    private @Nullable IpcMessage endOfStream() {
        ended = true;
        return null;
    }

    private RuntimeException truncated() {
        return input.origin().corrupt("the data ends too early: the message at byte " + position + " is not whole");
    }
}
