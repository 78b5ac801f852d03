package io.memberlist.wire;

import io.memberlist.wire.WireException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads MessagePack maps one after another, liberally: integers of any width and sign, raw, str8 and bin alike, nil for
 * the zero of every field, keys in any order. No announced length or number is believed: each is checked against the
 * bytes that are there before anything is made of it.
 */
final class MapReader {
    private static final byte[] NO_BYTES = {};
    private static final long MAX_U32 = 0xffff_ffffL;
    private static final int MAX_VALUES = 2048;

    private final byte[] bytes;
    private final int limit;
    private int at;
    private int mapStart;
    private int entriesLeft;

    MapReader(byte[] bytes, int offset, int limit) {
        this.bytes = bytes;
        this.at = offset;
        this.mapStart = offset;
        this.limit = limit;
    }

    /** {@return behind what has been read} */
    int position() {
        return at;
    }

    /** {@return how many bytes are still to be read} */
    int remaining() {
        return limit - at;
    }

    /** Starts on the next map. */
    void nextMap() throws WireException {
        mapStart = at;
        int code = code();
        long entries;
        if ((code & 0xf0) == 0x80) {
            entries = code & 0x0f;
        } else if (code == 0xde || code == 0xdf) {
            entries = number(code == 0xde ? 2 : 4);
        } else {
            throw new WireException(
                    Reason.MALFORMED, "expected a map, found 0x" + Integer.toHexString(code) + " at byte " + mapStart);
        }
        checkValues(2 * entries, at);
        entriesLeft = (int) entries;
    }

    /** Refuses a map or array of more values than any message has; keys are values, too. */
    static void checkValues(long values, long position) throws WireException {
        if (values > MAX_VALUES) {
            throw new WireException(Reason.TOO_LARGE, "a map or array with " + values + " values at byte " + position);
        }
    }

    /** {@return the next field of the map, null at its end; its value has to be read or skipped} */
    @Nullable
    Field nextField() throws WireException {
        if (entriesLeft == 0) {
            return null;
        }
        entriesLeft--;
        Field field = Field.at(bytes, at);
        if (field != Field.UNKNOWN && field.size <= limit - at) {
            at += field.size;
            return field;
        }
        int from = raw("a key");
        return Field.of(bytes, from, at);
    }

    void skip() throws WireException {
        at = MapScanner.endOfValue(bytes, at, limit);
        if (at < 0) {
            throw truncated();
        }
    }

    long u32(Field field) throws WireException {
        return integer(field, 0, MAX_U32);
    }

    int u16(Field field) throws WireException {
        return (int) integer(field, 0, 0xffff);
    }

    long integer(Field field, long min, long max) throws WireException {
        int code = code();
        long value;
        if (code < 0x80 || code >= 0xe0) {
            value = (byte) code;
        } else if (code == 0xc0) {
            value = 0;
        } else if (code >= 0xcc && code <= 0xcf) {
            value = number(1 << code - 0xcc);
        } else if (code >= 0xd0 && code <= 0xd3) {
            int bytes = 1 << code - 0xd0;
            int unused = Long.SIZE - Byte.SIZE * bytes;
            value = number(bytes) << unused >> unused;
        } else {
            throw malformed(field, "an integer", code);
        }
        boolean overflows = code == 0xcf && value < 0;
        if (value < min || value > max || overflows) {
            String text = overflows ? Long.toUnsignedString(value) : Long.toString(value);
            throw new WireException(Reason.MALFORMED, field + " " + text + " is not in " + min + ".." + max);
        }
        return value;
    }

    boolean bool(Field field) throws WireException {
        int code = code();
        return switch (code) {
            case 0xc3 -> true;
            case 0xc0, 0xc2 -> false;
            default -> throw malformed(field, "a boolean", code);
        };
    }

    String string(Field field) throws WireException {
        int from = raw(field);
        return from == at ? "" : new String(bytes, from, at - from, StandardCharsets.UTF_8);
    }

    /** {@return the string, or null if it has more bytes than that} */
    @Nullable
    String string(Field field, int max) throws WireException {
        int from = raw(field);
        return at - from > max ? null : new String(bytes, from, at - from, StandardCharsets.UTF_8);
    }

    byte[] bytes(Field field) throws WireException {
        int from = raw(field);
        return from == at ? NO_BYTES : Arrays.copyOfRange(bytes, from, at);
    }

    /** {@return the bytes, or null if there are more than that; those already known where they are the same} */
    byte @Nullable [] bytes(Field field, byte[] known, int max) throws WireException {
        int from = raw(field);
        return at - from > max ? null : shared(from, at, known);
    }

    /** {@return no more than the first bytes; those already known where they are the same} */
    byte[] firstBytes(Field field, int max, byte[] known) throws WireException {
        int from = raw(field);
        return shared(from, Math.min(at, from + max), known);
    }

    /** {@return a copy of the bytes, or those already known: members have much in common} */
    private byte[] shared(int from, int to, byte[] known) {
        return Arrays.equals(bytes, from, to, known, 0, known.length) ? known : Arrays.copyOfRange(bytes, from, to);
    }

    /** Steps over raw, str8, bin or nil; {@return where its bytes begin, which end at {@link #position}} */
    int raw(Object what) throws WireException {
        int code = code();
        if ((code & 0xe0) == 0xa0) {
            return take(code & 0x1f);
        } else if (code >= 0xc4 && code <= 0xc6) {
            return take(number(1 << code - 0xc4));
        } else if (code >= 0xd9 && code <= 0xdb) {
            return take(number(1 << code - 0xd9));
        } else if (code == 0xc0) {
            return at;
        }
        throw malformed(what, "a string or bytes", code);
    }

    private int code() throws WireException {
        if (at >= limit) {
            throw truncated();
        }
        return bytes[at++] & 0xff;
    }

    /** {@return the next bytes as one number, which is unsigned unless it has eight of them} */
    private long number(int count) throws WireException {
        int from = take(count);
        long value = bytes[from] & 0xff;
        for (int i = 1; i < count; i++) {
            value = value << 8 | bytes[from + i] & 0xff;
        }
        return value;
    }

    private int take(long count) throws WireException {
        if (count > limit - at) {
            throw truncated();
        }
        int from = at;
        at += (int) count;
        return from;
    }

    private WireException truncated() {
        return new WireException(Reason.TRUNCATED, "a map at byte " + mapStart + " ends beyond byte " + limit);
    }

    private static WireException malformed(Object what, String expected, int code) {
        return new WireException(
                Reason.MALFORMED,
                "cannot read " + what + ": expected " + expected + ", found 0x" + Integer.toHexString(code));
    }
}
