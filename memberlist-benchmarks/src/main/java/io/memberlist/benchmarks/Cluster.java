package io.memberlist.benchmarks;

import java.util.function.IntConsumer;

/** Members of one library in this JVM, on loopback, with the library's own settings for a local network. */
interface Cluster extends AutoCloseable {
    /**
     * Starts members, and returns when all of them see each other.
     *
     * @param delivered called, on any thread, with the index of a member, other than 0, that received a broadcast
     */
    void start(int members, IntConsumer delivered) throws Exception;

    /** Broadcasts to all members from the one with index 0. */
    void broadcast(byte[] payload) throws Exception;

    @Override
    void close();
}
