package io.memberlist.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** An array that grows as bytes are appended to it. The codecs reuse it, so that a packet costs no array but its own. */
final class Buffer {
    /** A larger array is given back: one large packet must not hold its memory for ever. */
    private static final int MAX_KEPT = 64 * 1024;

    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /** Writes eight bytes at once, of which what follows writes over those that are not meant. */
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** The bytes, and free room behind {@link #size}. Replaced where it grows. */
    byte[] bytes;

    int size;

    Buffer(int capacity) {
        this(new byte[capacity]);
    }

    /** Writes over the array for as long as it has room. */
    Buffer(byte[] scratch) {
        bytes = scratch;
    }

    /** Starts over behind so many bytes, which the caller writes later. */
    void reset(int headroom) {
        if (bytes.length > MAX_KEPT) {
            bytes = new byte[headroom];
        }
        size = 0;
        skip(headroom);
    }

    /** Leaves out so many bytes, which the caller writes later. */
    void skip(int count) {
        ensureRoom(count);
        size += count;
    }

    /** Appends the lowest eight bits. */
    void append(int value) {
        ensureRoom(1);
        bytes[size++] = (byte) value;
    }

    /** Appends the lowest so many bytes of a number, the highest of them first; up to eight bytes may change behind it. */
    void number(long value, int count) {
        ensureRoom(Long.BYTES);
        LONG.set(bytes, size, value << Long.SIZE - Byte.SIZE * count);
        size += count;
    }

    void append(byte[] source) {
        ensureRoom(source.length);
        System.arraycopy(source, 0, bytes, size, source.length);
        size += source.length;
    }

    /** {@return a copy of what has been appended} */
    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** Makes room for so many more bytes. */
    void ensureRoom(int more) {
        ensureRoom(more, Integer.MAX_VALUE - 8L);
    }

    /** Makes room for so many more bytes, and for no more than so many in all unless these need it. */
    void ensureRoom(int more, long max) {
        if (more > bytes.length - size) {
            // Overflows only above what any limit lets through, and then fails here.
            int needed = Math.addExact(size, more);
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(2L * bytes.length, max)));
        }
    }
}
