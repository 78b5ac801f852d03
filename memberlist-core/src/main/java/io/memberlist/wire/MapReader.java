package io.memberlist.wire;

import io.memberlist.wire.WireException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;

/**
 * Reads MessagePack maps one after another, liberally: integers of any width and sign, raw, str8 and bin alike, nil for
 * the zero of every field, keys in any order. Each map is scanned first, so that no announced length is believed.
 */
final class MapReader {
    private static final byte[] NO_BYTES = {};
    private static final long MAX_U32 = 0xffff_ffffL;
    /** Longer than the name of any field. */
    private static final int NAME_BYTES = 16;

    private final byte[] name = new byte[NAME_BYTES];

    private final byte[] bytes;
    private final int offset;
    private final int limit;
    private final MessageUnpacker unpacker;
    private int entriesLeft;

    MapReader(byte[] bytes, int offset, int limit) {
        this.bytes = bytes;
        this.offset = offset;
        this.limit = limit;
        this.unpacker = MessagePack.newDefaultUnpacker(bytes, offset, limit - offset);
    }

    /** {@return behind what has been read} */
    int position() {
        return offset + (int) unpacker.getTotalReadBytes();
    }

    /** Starts on the next map. */
    void nextMap() throws WireException {
        MapScanner.endOfMap(bytes, position(), limit);
        try {
            entriesLeft = unpacker.unpackMapHeader();
        } catch (IOException | MessagePackException e) {
            throw malformed("the start of a map", e);
        }
    }

    /** {@return the next key of the map, null at its end; its value has to be read or skipped} */
    @Nullable
    String nextKey() throws WireException {
        if (entriesLeft == 0) {
            return null;
        }
        entriesLeft--;
        try {
            int length = rawLength();
            byte[] raw = length <= NAME_BYTES ? name : new byte[length];
            unpacker.readPayload(raw, 0, length);
            return FieldNames.of(raw, length);
        } catch (IOException | MessagePackException e) {
            throw malformed("a key", e);
        }
    }

    void skip() throws WireException {
        try {
            unpacker.skipValue();
        } catch (IOException | MessagePackException e) {
            throw malformed("an unknown field", e);
        }
    }

    long u32(String field) throws WireException {
        return integer(field, 0, MAX_U32);
    }

    int u16(String field) throws WireException {
        return (int) integer(field, 0, 0xffff);
    }

    long integer(String field, long min, long max) throws WireException {
        long value;
        try {
            if (unpacker.tryUnpackNil()) {
                value = 0;
            } else {
                value = unpacker.unpackLong();
            }
        } catch (IOException | MessagePackException e) {
            throw malformed(field, e);
        }
        if (value < min || value > max) {
            throw new WireException(Reason.MALFORMED, field + " " + value + " is not in " + min + ".." + max);
        }
        return value;
    }

    boolean bool(String field) throws WireException {
        try {
            return !unpacker.tryUnpackNil() && unpacker.unpackBoolean();
        } catch (IOException | MessagePackException e) {
            throw malformed(field, e);
        }
    }

    String string(String field) throws WireException {
        byte[] raw = bytes(field);
        return raw.length == 0 ? "" : new String(raw, StandardCharsets.UTF_8);
    }

    byte[] bytes(String field) throws WireException {
        try {
            int length = rawLength();
            return length == 0 ? NO_BYTES : unpacker.readPayload(length);
        } catch (IOException | MessagePackException e) {
            throw malformed(field, e);
        }
    }

    /** Reads the header of raw, str8 or bin, or nil. */
    private int rawLength() throws IOException {
        return switch (unpacker.getNextFormat().getValueType()) {
            case STRING -> unpacker.unpackRawStringHeader();
            case BINARY -> unpacker.unpackBinaryHeader();
            default -> {
                unpacker.unpackNil();
                yield 0;
            }
        };
    }

    private static WireException malformed(String field, Exception cause) {
        return new WireException(Reason.MALFORMED, "cannot read " + field + ": " + cause.getMessage(), cause);
    }
}
