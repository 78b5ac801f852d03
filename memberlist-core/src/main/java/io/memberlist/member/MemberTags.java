package io.memberlist.member;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Encodes and decodes named values in a member's metadata, as Serf does: the byte 0xFF, then a MessagePack map from string to string
 * in the old format, which knows neither str8 nor bin. Both are read nevertheless.
 */
public final class MemberTags {
    private static final int MAGIC = 0xff;
    private static final int FIX_MAP = 0x80;
    private static final int MAP_16 = 0xde;
    private static final int MAP_32 = 0xdf;
    private static final int FIX_RAW = 0xa0;
    private static final int RAW_16 = 0xda;
    private static final int RAW_32 = 0xdb;
    private static final int STR_8 = 0xd9;
    private static final int BIN_8 = 0xc4;
    private static final int BIN_16 = 0xc5;
    private static final int BIN_32 = 0xc6;
    private static final int FIX_MAP_MAX = 15;
    private static final int FIX_RAW_MAX = 31;
    private static final int MAX_16 = 0xffff;

    private MemberTags() {}

    /**
     * {@return the metadata that carries the tags, in the order of their names} Without tags it is empty.
     *
     * @throws MemberlistException if they take up more than {@value Member#META_MAX_SIZE} bytes
     */
    public static byte[] encode(Map<String, String> tags) {
        if (tags.isEmpty()) {
            return new byte[0];
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(MAGIC);
        header(out, tags.size(), FIX_MAP, FIX_MAP_MAX, MAP_16);
        new TreeMap<>(tags).forEach((name, value) -> {
            text(out, name);
            text(out, value);
        });
        if (out.size() > Member.META_MAX_SIZE) {
            throw new InvalidSettingException(
                    "meta",
                    "the tags take up " + out.size() + " bytes of metadata; the limit is " + Member.META_MAX_SIZE
                            + " bytes: use fewer or shorter ones");
        }
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        header(out, bytes.length, FIX_RAW, FIX_RAW_MAX, RAW_16);
        out.writeBytes(bytes);
    }

    /** What needs more than 16 bits is too large for metadata, and refused as such. */
    private static void header(ByteArrayOutputStream out, int size, int fix, int fixMax, int of16Bits) {
        if (size <= fixMax) {
            out.write(fix | size);
        } else {
            out.write(of16Bits);
            out.write(size >> Byte.SIZE);
            out.write(size);
        }
    }

    /**
     * {@return the tags that the metadata carries, ordered by name; none where it is something else} Throws nothing:
     * metadata comes from other members and may be anything.
     */
    public static Map<String, String> decode(byte[] meta) {
        if (meta.length == 0 || Byte.toUnsignedInt(meta[0]) != MAGIC) {
            return Map.of();
        }
        ByteBuffer in = ByteBuffer.wrap(meta, 1, meta.length - 1);
        try {
            Map<String, String> tags = new TreeMap<>();
            // A header may announce any number of tags; reading ends with the bytes.
            for (long left = tagCount(in); left > 0; left--) {
                tags.put(text(in), text(in));
            }
            return Collections.unmodifiableMap(tags);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return Map.of();
        }
    }

    private static long tagCount(ByteBuffer in) {
        int type = Byte.toUnsignedInt(in.get());
        if ((type & ~FIX_MAP_MAX) == FIX_MAP) {
            return type & FIX_MAP_MAX;
        }
        return switch (type) {
            case MAP_16 -> in.getShort() & MAX_16;
            case MAP_32 -> Integer.toUnsignedLong(in.getInt());
            default -> throw new IllegalArgumentException("no map");
        };
    }

    private static String text(ByteBuffer in) {
        int type = Byte.toUnsignedInt(in.get());
        int length;
        if ((type & ~FIX_RAW_MAX) == FIX_RAW) {
            length = type & FIX_RAW_MAX;
        } else {
            length = switch (type) {
                case STR_8, BIN_8 -> Byte.toUnsignedInt(in.get());
                case RAW_16, BIN_16 -> in.getShort() & MAX_16;
                case RAW_32, BIN_32 -> in.getInt();
                default -> throw new IllegalArgumentException("no string");
            };
        }
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        String text = new String(in.array(), in.position(), length, StandardCharsets.UTF_8);
        in.position(in.position() + length);
        return text;
    }
}
