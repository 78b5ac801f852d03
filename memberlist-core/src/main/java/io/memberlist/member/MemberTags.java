package io.memberlist.member;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;

/**
 * Encodes and decodes named values in a member's metadata, as Serf does: the byte 0xFF, then a MessagePack map from string to string
 * in the old format, which knows neither str8 nor bin.
 */
public final class MemberTags {
    private static final byte MAGIC = (byte) 0xff;
    private static final MessagePack.PackerConfig OLD_FORMAT =
            new MessagePack.PackerConfig().withStr8FormatSupport(false);

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
        byte[] meta = pack(new TreeMap<>(tags));
        if (meta.length > Member.META_MAX_SIZE) {
            throw new InvalidSettingException(
                    "meta",
                    "the tags take up " + meta.length + " bytes of metadata; the limit is " + Member.META_MAX_SIZE
                            + " bytes: use fewer or shorter ones");
        }
        return meta;
    }

    private static byte[] pack(Map<String, String> sorted) {
        try (MessageBufferPacker packer = OLD_FORMAT.newBufferPacker()) {
            packer.writePayload(new byte[] {MAGIC});
            packer.packMapHeader(sorted.size());
            for (Map.Entry<String, String> tag : sorted.entrySet()) {
                pack(packer, tag.getKey());
                pack(packer, tag.getValue());
            }
            return packer.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory cannot fail", e);
        }
    }

    private static void pack(MessageBufferPacker packer, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        packer.packRawStringHeader(bytes.length);
        packer.writePayload(bytes);
    }

    /**
     * {@return the tags that the metadata carries, ordered by name; none where it is something else} Throws nothing:
     * metadata comes from other members and may be anything.
     */
    public static Map<String, String> decode(byte[] meta) {
        if (meta.length == 0 || meta[0] != MAGIC) {
            return Map.of();
        }
        try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(meta, 1, meta.length - 1)) {
            Map<String, String> tags = new TreeMap<>();
            // A header may announce any number of tags; reading ends with the bytes.
            for (int left = unpacker.unpackMapHeader(); left > 0; left--) {
                tags.put(unpacker.unpackString(), unpacker.unpackString());
            }
            return Collections.unmodifiableMap(tags);
        } catch (IOException | RuntimeException e) {
            return Map.of();
        }
    }
}
