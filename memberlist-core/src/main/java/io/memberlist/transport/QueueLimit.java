package io.memberlist.transport;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much may wait in a queue: a number of entries, and {@value #MAX_BYTES} bytes, since messages may have megabytes
 * each, so that their number alone bounds nothing. The entry that reaches the bound of bytes is let in whatever its size.
 * Not for applications. Safe from any thread.
 */
public final class QueueLimit {
    static final long MAX_BYTES = 64L * 1024 * 1024;

    private final int maxCount;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong bytes;

    /** @param maxCount how many entries may wait */
    public QueueLimit(int maxCount) {
        this(maxCount, new AtomicLong());
    }

    private QueueLimit(int maxCount, AtomicLong bytes) {
        this.maxCount = maxCount;
        this.bytes = bytes;
    }

    /** {@return a limit with a number of its own, whose entries share this one's bound of bytes} */
    public QueueLimit sharingBytes(int ownMaxCount) {
        return new QueueLimit(ownMaxCount, bytes);
    }

    /** {@return whether there was room for an entry of so many bytes} If so, {@link #release} must follow once. */
    public boolean tryAcquire(int size) {
        if (count.get() >= maxCount || !hasRoomInBytes()) {
            return false;
        }
        acquire(size);
        return true;
    }

    /** Counts an entry of so many bytes whether or not there is room for it. {@link #release} must follow once. */
    public void acquire(int size) {
        count.incrementAndGet();
        bytes.addAndGet(size);
    }

    /** {@return whether fewer bytes wait than may wait, with those of the limits that share them} */
    public boolean hasRoomInBytes() {
        return bytes.get() <= MAX_BYTES;
    }

    /** Gives back the room of an entry of so many bytes, which waits no longer. */
    public void release(int size) {
        count.decrementAndGet();
        bytes.addAndGet(-size);
    }

    /** {@return how many entries wait} */
    public int count() {
        return count.get();
    }

    /** {@return how many bytes wait, with those of the limits that share them} */
    public long bytes() {
        return bytes.get();
    }
}
