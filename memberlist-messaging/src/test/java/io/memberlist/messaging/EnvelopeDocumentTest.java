package io.memberlist.messaging;

import static io.memberlist.messaging.RecordingSubscriber.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.messaging.envelope.Bundle;
import io.memberlist.messaging.envelope.Envelope;
import io.memberlist.messaging.envelope.EnvelopeFormat;
import io.memberlist.messaging.envelope.HashRange;
import io.memberlist.messaging.envelope.Inventory;
import io.memberlist.messaging.envelope.Origin;
import io.memberlist.messaging.envelope.Proof;
import io.memberlist.messaging.message.Arrival;
import io.memberlist.messaging.message.MessageId;
import io.memberlist.messaging.message.MessageKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Compares the bytes in docs/messaging.md with the encoded ones. */
class EnvelopeDocumentTest {
    private static final Pattern HEX = Pattern.compile("```hex\\n(.*?)```", Pattern.DOTALL);
    private static final Origin A = new Origin("a", 0x0102030405060708L);
    private static final long FIRST_OF_2026 = 1_767_225_600_000L;

    private final List<byte[]> documented = documented();

    @Test
    void aBroadcast() throws Exception {
        byte[] message =
                EnvelopeFormat.message(EnvelopeFormat.BROADCAST, A, FIRST_OF_2026, "t", Map.of("k", "v"), bytes("hi"));
        EnvelopeFormat.numbered(message, 0, 1, 1);

        assertThat(message).isEqualTo(documented.get(0));

        Envelope read = EnvelopeFormat.read(documented.get(0));
        assertThat(read.id()).isEqualTo(new MessageId("a", 0x0102030405060708L, 1));
        assertThat(read.order()).isEqualTo(1);
        assertThat(read.hops()).isEqualTo(16);
        assertThat(read.topic()).isEqualTo("t");
        assertThat(read.headers()).containsOnly(Map.entry("k", "v"));
        assertThat(read.toMessage(MessageKind.BROADCAST, Arrival.PACKET, false).payloadText())
                .isEqualTo("hi");
    }

    @Test
    void anError() throws Exception {
        byte[] message =
                EnvelopeFormat.message(EnvelopeFormat.ERROR, A, FIRST_OF_2026, "t", Map.of(), new byte[] {1, 'n', 'o'});
        EnvelopeFormat.numbered(message, EnvelopeFormat.TAKES_BUNDLES, 7, 9);

        assertThat(message).isEqualTo(documented.get(1));
        assertThat(EnvelopeFormat.read(documented.get(1)).order()).isEqualTo(9);
    }

    @Test
    void aDigest() throws Exception {
        Inventory digest = new Inventory(
                EnvelopeFormat.DIGEST,
                A,
                true,
                List.of(new Inventory.Entry(
                        new Origin("b", 2), List.of(new Inventory.Run(1, 3), new Inventory.Run(5, 5)))));

        assertThat(digest.toBytes()).isEqualTo(documented.get(2));
        assertThat(Inventory.read(documented.get(2))).isEqualTo(digest);
    }

    @Test
    void aDigestWithTokens() throws Exception {
        Inventory digest = new Inventory(EnvelopeFormat.DIGEST, A, true, List.of()).with(new Proof(11, 12, 3));

        assertThat(digest.toBytes()).isEqualTo(documented.get(3));
        assertThat(Inventory.read(documented.get(3))).isEqualTo(digest);
    }

    @Test
    void aBundle() throws Exception {
        List<byte[]> both = List.of(documented.get(1), documented.get(0));

        assertThat(Bundle.of(both))
                .startsWith(documented.get(4))
                .hasSize(8 + 2 * 4 + both.get(0).length + both.get(1).length);
        assertThat(Bundle.read(Bundle.of(both))).containsExactlyElementsOf(both);
    }

    @Test
    void theHash() {
        assertThat(HashRange.hash("node-1")).isEqualTo(0x54c43383L);
    }

    private static List<byte[]> documented() {
        List<byte[]> blocks = new ArrayList<>();
        try {
            Matcher hex = HEX.matcher(Files.readString(Path.of("../docs/messaging.md")));
            while (hex.find()) {
                blocks.add(HexFormat.of().parseHex(hex.group(1).replaceAll("\\s", "")));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return blocks;
    }
}
