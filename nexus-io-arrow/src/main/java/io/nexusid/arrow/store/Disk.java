package io.nexusid.arrow.store;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * One flat folder of files: everything a store asks of an operating system, so that tests can pull the plug at any call.
 *
 * <p>What may be relied on after a loss of power: the bytes of a file once {@link WritableFile#sync} returned, and names
 * once {@link #sync} returned. Before that each of them may be there, in part, or not at all. A rename is atomic: a name
 * means the old file or the new one.
 */
public interface Disk {
    /** The names of the regular files, in no order. */
    List<String> list() throws IOException;

    /**
     * Opens a file to read; you close it.
     *
     * @throws java.nio.file.NoSuchFileException if there is none of this name
     */
    ReadableFile open(String name) throws IOException;

    /** Creates a file, or empties the one of this name; you close it. */
    WritableFile create(String name) throws IOException;

    /** Gives a file a new name, which loses the file it named before. */
    void rename(String from, String to) throws IOException;

    /** Deletes a file. */
    void delete(String name) throws IOException;

    /** Makes the names as they are now survive a loss of power. */
    void sync() throws IOException;

    /**
     * Takes the lock that this file stands for, without waiting; closing the result, or the end of the process, frees it.
     *
     * @throws IllegalStateException if this process has it already
     * @throws IOException if another process has it: the message says which
     */
    Closeable lock(String name) throws IOException;
}
