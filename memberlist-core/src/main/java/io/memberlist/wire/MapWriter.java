package io.memberlist.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the old MessagePack format that the Go library speaks: strings and byte arrays are both raw, never str8 or bin.
 * The caller writes the keys in ascending order.
 */
final class MapWriter {
    private static final int NIL = 0xc0;
    private static final int FALSE = 0xc2;
    private static final int TRUE = 0xc3;
    private static final int U8 = 0xcc;
    private static final int U16 = 0xcd;
    private static final int U32 = 0xce;
    private static final int I8 = 0xd0;
    private static final int I16 = 0xd1;
    private static final int I32 = 0xd2;
    private static final int RAW_16 = 0xda;
    private static final int RAW_32 = 0xdb;
    private static final int FIX_MAP = 0x80;
    private static final int FIX_RAW = 0xa0;
    private static final int FIX_RAW_MAX = 31;
    private static final int FIX_MAP_MAX = 15;
    private static final int LOWEST_FIX_INT = -32;

    private byte[] out = new byte[128];
    private int size;

    /** Starts a message with its type byte. */
    MapWriter(int type) {
        number(type, 1);
    }

    MapWriter map(int entries) {
        if (entries > FIX_MAP_MAX) {
            throw new IllegalArgumentException("no message has " + entries + " fields");
        }
        return number(FIX_MAP | entries, 1);
    }

    MapWriter u32(String key, long value) {
        return unsigned(key, value, 0xffff_ffffL);
    }

    MapWriter u16(String key, int value) {
        return unsigned(key, value, 0xffff);
    }

    private MapWriter unsigned(String key, long value, long max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(key + " " + value + " is not in 0.." + max);
        }
        ascii(key);
        if (value <= Byte.MAX_VALUE) {
            return number(value, 1);
        }
        if (value <= 0xff) {
            return number(U8, 1).number(value, 1);
        }
        return value <= 0xffff
                ? number(U16, 1).number(value, 2)
                : number(U32, 1).number(value, 4);
    }

    /** Go's codec writes its signed integers in the shortest signed form, also where an unsigned one were shorter. */
    MapWriter signed(String key, int value) {
        ascii(key);
        if (value >= LOWEST_FIX_INT && value <= Byte.MAX_VALUE) {
            return number(value, 1);
        }
        if (value == (byte) value) {
            return number(I8, 1).number(value, 1);
        }
        return value == (short) value
                ? number(I16, 1).number(value, 2)
                : number(I32, 1).number(value, 4);
    }

    MapWriter bool(String key, boolean value) {
        return ascii(key).number(value ? TRUE : FALSE, 1);
    }

    MapWriter string(String key, String value) {
        return ascii(key).rawValue(value.getBytes(StandardCharsets.UTF_8));
    }

    /** Nil where the array is empty. */
    MapWriter bytes(String key, byte[] value) {
        return value.length > 0 ? bytesOrEmpty(key, value) : ascii(key).number(NIL, 1);
    }

    MapWriter bytesOrEmpty(String key, byte[] value) {
        return ascii(key).rawValue(value);
    }

    /** Appends bytes as they are. */
    MapWriter raw(byte[] value) {
        ensureRoom(value.length);
        System.arraycopy(value, 0, out, size, value.length);
        size += value.length;
        return this;
    }

    byte[] toBytes() {
        return Arrays.copyOf(out, size);
    }

    /** Names of fields are short and of ASCII. */
    @SuppressWarnings("deprecation") // of String.getBytes, which is right for ASCII and makes no garbage
    private MapWriter ascii(String key) {
        int length = key.length();
        number(FIX_RAW | length, 1);
        ensureRoom(length);
        key.getBytes(0, length, out, size);
        size += length;
        return this;
    }

    private MapWriter rawValue(byte[] value) {
        int length = value.length;
        if (length <= FIX_RAW_MAX) {
            number(FIX_RAW | length, 1);
        } else if (length <= 0xffff) {
            number(RAW_16, 1).number(length, 2);
        } else {
            number(RAW_32, 1).number(length, 4);
        }
        return raw(value);
    }

    /** Appends the lowest so many bytes, the highest of them first. */
    private MapWriter number(long value, int bytes) {
        ensureRoom(bytes);
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            out[size++] = (byte) (value >> shift);
        }
        return this;
    }

    private void ensureRoom(int bytes) {
        if (bytes > out.length - size) {
            // Overflows only above what any limit lets through, and then fails here.
            out = Arrays.copyOf(out, Math.max(Math.addExact(size, bytes), (int)
                    Math.min(2L * out.length, Integer.MAX_VALUE - 8)));
        }
    }
}
