package io.memberlist.sample.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** With the bytes that docs/messaging.md gives as examples. */
class EnvelopeHeaderTest {
    private static final byte[] BROADCAST =
            bytes("f56d6c636d01010010000000000000000000000000010203040506070800000000000000"
                    + "0100000000000000010000019b76daa80000016101740101 6b0001760000000268 69");
    private static final byte[] DIGEST =
            bytes("f56d6c636d0106050001610102030405060708000100016200000000000000020200000000"
                    + "000000010000000000000003000000000000000500000000 00000005");

    @Test
    void tellsDigestsFromMessages() {
        assertThat(EnvelopeHeader.isDigest(DIGEST)).isTrue();
        assertThat(EnvelopeHeader.isDigest(BROADCAST)).isFalse();
        assertThat(EnvelopeHeader.isDigest("plain text".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
        assertThat(EnvelopeHeader.isDigest(new byte[0])).isFalse();
    }

    @Test
    void identifiesABroadcastByItsInstanceAndNumber() {
        assertThat(EnvelopeHeader.broadcastId(BROADCAST)).isEqualTo("0102030405060708" + "0000000000000001");
        assertThat(EnvelopeHeader.broadcastId(DIGEST)).isEmpty();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
