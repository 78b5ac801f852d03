package io.memberlist.wire;

import java.nio.charset.StandardCharsets;

/**
 * Writes the old MessagePack format that the Go library speaks: strings and byte arrays are both raw, never str8 or bin.
 * The caller writes the keys in ascending order.
 */
final class MapWriter {
    private static final int FIX_RAW_MAX = 31;
    private static final int RAW_HEADER_MAX = 5;

    private final Buffer out;

    /** Starts a message with its type byte. */
    MapWriter(Buffer out, int type) {
        this.out = out;
        out.append(type);
    }

    /** Starts a map of at most 15 entries. */
    MapWriter map(int entries) {
        out.append(0x80 | entries);
        return this;
    }

    MapWriter u32(Field key, long value) {
        return unsigned(key, value, 0xffff_ffffL);
    }

    MapWriter u16(Field key, int value) {
        return unsigned(key, value, 0xffff);
    }

    private MapWriter unsigned(Field key, long value, long max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(key + " " + value + " is not in 0.." + max);
        }
        key(key);
        if (value <= Byte.MAX_VALUE) {
            out.append((int) value);
        } else if (value <= 0xff) {
            tagged(0xcc, value, 1);
        } else if (value <= 0xffff) {
            tagged(0xcd, value, 2);
        } else {
            tagged(0xce, value, 4);
        }
        return this;
    }

    /** Go's codec writes its signed integers in the shortest signed form, also where an unsigned one were shorter. */
    MapWriter signed(Field key, int value) {
        key(key);
        if (value >= -32 && value <= Byte.MAX_VALUE) {
            out.append(value);
        } else if (value == (byte) value) {
            tagged(0xd0, value, 1);
        } else if (value == (short) value) {
            tagged(0xd1, value, 2);
        } else {
            tagged(0xd2, value, 4);
        }
        return this;
    }

    MapWriter bool(Field key, boolean value) {
        key(key).out.append(value ? 0xc3 : 0xc2);
        return this;
    }

    MapWriter string(Field key, String value) {
        key(key);
        int start = out.size;
        int length = value.length();
        out.ensureRoom(RAW_HEADER_MAX + length);
        rawHeader(length);
        byte[] bytes = out.bytes;
        int at = out.size;
        int seen = 0;
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            seen |= c;
            bytes[at + i] = (byte) c;
        }
        if (seen > 0x7f) {
            out.size = start;
            return raw(value.getBytes(StandardCharsets.UTF_8));
        }
        out.size = at + length;
        return this;
    }

    /** Writes nil where the array is empty. */
    MapWriter bytes(Field key, byte[] value) {
        if (value.length > 0) {
            return bytesOrEmpty(key, value);
        }
        key(key).out.append(0xc0);
        return this;
    }

    MapWriter bytesOrEmpty(Field key, byte[] value) {
        return key(key).raw(value);
    }

    /** Writes the map of a compressed message. */
    void compressed(Compression compression, byte[] plain, int from, int to) {
        map(2).signed(Field.ALGO, compression.algorithm()).key(Field.BUF);
        // The header depends on the length. Most often it has as many bytes as that of the plain text has.
        int header = headerSize(to - from);
        int start = out.size;
        out.skip(header);
        compression.encode(plain, from, to, out);
        int length = out.size - start - header;
        int actual = headerSize(length);
        if (actual != header) {
            out.ensureRoom(RAW_HEADER_MAX);
            System.arraycopy(out.bytes, start + header, out.bytes, start + actual, length);
        }
        out.size = start;
        rawHeader(length);
        out.size += length;
    }

    /** Writes sixteen bytes at once, of which those behind the name are written over by what follows. */
    private MapWriter key(Field key) {
        out.ensureRoom(Field.ROOM);
        Buffer.LONG.set(out.bytes, out.size, key.head);
        Buffer.LONG.set(out.bytes, out.size + Long.BYTES, key.tail);
        out.size += key.size;
        return this;
    }

    private MapWriter raw(byte[] value) {
        rawHeader(value.length);
        out.append(value);
        return this;
    }

    /** {@return how many bytes a string or array of this length takes} */
    static int rawSize(int length) {
        return headerSize(length) + length;
    }

    private static int headerSize(int length) {
        return length <= FIX_RAW_MAX ? 1 : length <= 0xffff ? 3 : 5;
    }

    /** Byte by byte, since the value may be there already. */
    private void rawHeader(int length) {
        if (length <= FIX_RAW_MAX) {
            out.append(0xa0 | length);
            return;
        }
        if (length <= 0xffff) {
            out.append(0xda);
        } else {
            out.append(0xdb);
            out.append(length >> 24);
            out.append(length >> 16);
        }
        out.append(length >> 8);
        out.append(length);
    }

    private void tagged(int tag, long value, int bytes) {
        out.number((long) tag << 8 * bytes | value & (1L << 8 * bytes) - 1, 1 + bytes);
    }
}
