package io.memberlist.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/**
 * Writes the old MessagePack format that the Go library speaks: strings and byte arrays are both raw, never str8 or bin.
 * The caller writes the keys in ascending order.
 */
final class MapWriter {
    private static final MessagePack.PackerConfig CONFIG =
            new MessagePack.PackerConfig().withStr8FormatSupport(false).withBufferSize(1024);

    private final MessageBufferPacker packer = CONFIG.newBufferPacker();

    /** Starts a message with its type byte. */
    MapWriter(int type) {
        write(() -> packer.writePayload(new byte[] {(byte) type}));
    }

    MapWriter map(int entries) {
        return write(() -> packer.packMapHeader(entries));
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
        return key(key).write(() -> packer.packLong(value));
    }

    /** Go's codec writes its signed integers in the shortest signed form, also where an unsigned one were shorter. */
    MapWriter signed(String key, int value) {
        key(key);
        if (value <= Byte.MAX_VALUE) {
            return write(() -> packer.packInt(value));
        }
        if (value <= Short.MAX_VALUE) {
            return raw(new byte[] {(byte) 0xd1, (byte) (value >> 8), (byte) value});
        }
        return raw(
                new byte[] {(byte) 0xd2, (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
                });
    }

    MapWriter bool(String key, boolean value) {
        return key(key).write(() -> packer.packBoolean(value));
    }

    MapWriter string(String key, String value) {
        return key(key).rawValue(value.getBytes(StandardCharsets.UTF_8));
    }

    /** Nil where the array is empty. */
    MapWriter bytes(String key, byte[] value) {
        return value.length > 0 ? bytesOrEmpty(key, value) : key(key).write(packer::packNil);
    }

    MapWriter bytesOrEmpty(String key, byte[] value) {
        return key(key).rawValue(value);
    }

    /** Appends bytes as they are. */
    MapWriter raw(byte[] value) {
        return write(() -> packer.writePayload(value));
    }

    byte[] toBytes() {
        return packer.toByteArray();
    }

    private MapWriter key(String key) {
        return rawValue(key.getBytes(StandardCharsets.UTF_8));
    }

    private MapWriter rawValue(byte[] value) {
        return write(() -> {
            packer.packRawStringHeader(value.length);
            packer.writePayload(value);
        });
    }

    private MapWriter write(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory cannot fail", e);
        }
        return this;
    }

    private interface Step {
        void run() throws IOException;
    }
}
