package io.memberlist.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.IndirectPing;
import io.memberlist.wire.Message.Nack;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.Source;
import io.memberlist.wire.Message.Suspect;
import io.memberlist.wire.Message.UserMessage;
import io.memberlist.wire.WireException.Reason;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCodecTest {
    /** "SeqNo", as raw. */
    private static final String SEQ = "a55365714e6f";

    /** "Node", as raw. */
    private static final String NODE = "a44e6f6465";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "07",
                "cc07",
                "cd0007",
                "ce00000007",
                "cf0000000000000007",
                "d007",
                "d10007",
                "d200000007",
                "d30000000000000007"
            })
    void readsIntegersOfAnyWidthAndSign(String seven) throws WireException {
        assertThat(decode("0b 81" + SEQ + seven)).isEqualTo(new Nack(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a178", "d90178", "da000178", "db0000000178", "c40178", "c5000178", "c60000000178"})
    void readsStringsAndBytesOfAnyKind(String x) throws WireException {
        assertThat(decode("00 82" + NODE + x + SEQ + "01")).isEqualTo(new Ping(1, "x", null));
        Ack ack = (Ack) decode("02 82 a75061796c6f6164" + x + SEQ + "01");
        assertThat(ack.payload()).containsExactly('x');
    }

    @Test
    void readsKeysOfAnyKindAndOrder() throws WireException {
        Ping expected = new Ping(5, "x", null);
        assertThat(decode("00 82" + SEQ + "05" + NODE + "a178")).isEqualTo(expected);
        assertThat(decode("00 82 d9055365714e6f 05 c4044e6f6465 a178")).isEqualTo(expected);
        assertThat(decode("00 de0002" + SEQ + "05" + NODE + "a178")).isEqualTo(expected);
        assertThat(decode("00 df00000002" + SEQ + "05" + NODE + "a178")).isEqualTo(expected);
    }

    @Test
    void nilAndAbsentAreZero() throws WireException {
        assertThat(decode("00 80")).isEqualTo(new Ping(0, "", null));
        assertThat(decode("00 82" + SEQ + "c0" + NODE + "c0")).isEqualTo(new Ping(0, "", null));
        assertThat(decode("03 80")).isEqualTo(new Suspect(0, "", ""));
        assertThat(((IndirectPing) decode("01 81 a44e61636b c0")).nack()).isFalse();
        Alive alive = (Alive) decode("04 81 a44d657461 c0");
        assertThat(alive.meta()).isEmpty();
        assertThat(alive.address()).isEmpty();
        assertThat(alive.versions()).isEmpty();
    }

    /** This includes fields of other messages: a later protocol may give them another type here. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a158 07",
                "a158 c0",
                "a158 a3616263",
                "a158 cb0000000000000000",
                "a158 92 01 93 01 02 03",
                "a158 82 a161 01 a162 81 a163 90",
                "a158 d40101",
                "a158 c70301 010203",
                "a6546172676574 07",
                "a44d657461 81 a161 01",
                "c0 07"
            })
    void skipsUnknownFields(String field) throws WireException {
        assertThat(decode("00 82" + field + SEQ + "05")).isEqualTo(new Ping(5, "", null));
    }

    @Test
    void sourceNeedsAddressAndPort() throws WireException {
        String address = "aa536f7572636541646472";
        String port = "aa536f75726365506f7274";
        assertThat(decode("00 82" + address + "a47f000001" + port + "07"))
                .usingRecursiveComparison()
                .isEqualTo(new Ping(0, "", new Source(new byte[] {127, 0, 0, 1}, 7, "")));
        assertThat(decode("00 82" + address + "a47f000001" + port + "00")).isEqualTo(new Ping(0, "", null));
        assertThat(decode("00 82" + address + "a27f01" + port + "07")).isEqualTo(new Ping(0, "", null));
        assertThat(decode("00 81" + port + "07")).isEqualTo(new Ping(0, "", null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00 c0", // no map
                "00 92 01 02", // an array
                "00 05",
                "00 81" + SEQ + "ff", // -1
                "00 81" + SEQ + "cf0000000100000000", // 2^32
                "00 81" + SEQ + "cfffffffffffffffff",
                "00 81" + SEQ + "ca40e00000", // a float
                "00 81" + SEQ + "a137",
                "00 81" + NODE + "07",
                "00 81" + NODE + "c3",
                "00 81" + NODE + "c1", // no MessagePack at all
                "01 81 a4506f7274 ce00010000", // port 65536
                "01 81 a44e61636b 01",
                "00 81 07 07" // a key that is no string
            })
    void refusesWhatIsMalformed(String hex) {
        assertFails(hex, Reason.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00 81",
                "00 82" + SEQ + "05",
                "00 81" + SEQ,
                "00 81" + SEQ + "ce0000",
                "00 81" + NODE + "a378",
                "00 81" + NODE + "dbffffffff78",
                "00 81" + NODE + "c6ffffffff78",
                "00 de00",
                "00 81 a158 c9ffffffff01"
            })
    void refusesWhatIsCutOff(String hex) {
        assertFails(hex, Reason.TRUNCATED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00 deffff",
                "00 dfffffffff",
                "00 81 a158 ddffffffff",
                "00 81 a158 dcffff",
                "00 81 a158 91919191 91919191 919191 01"
            })
    void boundsEntriesAndNesting(String hex) {
        assertFails(hex, Reason.TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"06 80", "07 00", "09 80", "0a 80", "0c 80", "0d 80", "0e 80", "f4 80", "ff"})
    void refusesWhatDoesNotTravelInPackets(String hex) {
        assertFails(hex, Reason.UNSUPPORTED);
    }

    @Test
    void bytesBehindTheMapAreIgnored() throws WireException {
        assertThat(decode("0b 81" + SEQ + "07 ffff")).isEqualTo(new Nack(7));
    }

    @Test
    void userMessages() throws WireException {
        assertThat(MessageCodec.encode(new UserMessage(new byte[] {1, 2}))).containsExactly(8, 1, 2);
        assertThat(((UserMessage) decode("08 0102")).payload()).containsExactly(1, 2);
        assertThat(((UserMessage) decode("08")).payload()).isEmpty();
    }

    @Test
    void writesEmptyBytesAsNil() {
        assertThat(MessageCodec.encode(new Alive(0, "x", new byte[0], 0, new byte[0], new byte[0])))
                .isEqualTo(Vectors.hex("04 86 a441646472 c0 ab496e6361726e6174696f6e 00 a44d657461 c0" + NODE
                        + "a178 a4506f7274 00 a356736e c0"));
    }

    @Test
    void writesStringsAsRawOnly() {
        byte[] bytes = MessageCodec.encode(new Suspect(0, "n".repeat(40), "f".repeat(70_000)));
        assertThat(bytes).contains(0xdb, 0x00, 0x01, 0x11, 0x70).contains(0xda, 0x00, 0x28);
    }

    @Test
    void writesUnsignedFieldsShort() {
        assertThat(MessageCodec.encode(new Nack(200))).endsWith(0xcc, 200);
        assertThat(MessageCodec.encode(new Nack(40_000))).endsWith(0xcd, 0x9c, 0x40);
        assertThat(MessageCodec.encode(new Nack(0xffff_ffffL))).endsWith(0xce, 0xff, 0xff, 0xff, 0xff);
    }

    @Test
    void writesSignedFieldsSigned() {
        assertThat(userMessageHeader(127)).endsWith(127);
        assertThat(userMessageHeader(128)).endsWith(0xd1, 0, 128);
        assertThat(userMessageHeader(200)).endsWith(0xd1, 0, 200);
        assertThat(userMessageHeader(32_767)).endsWith(0xd1, 0x7f, 0xff);
        assertThat(userMessageHeader(40_000)).endsWith(0xd2, 0, 0, 0x9c, 0x40);
        PushPullNode node = new PushPullNode("", new byte[0], 0, new byte[0], 0, 200, new byte[0]);
        assertThat(MessageCodec.encode(new PushPull(false, List.of(node), new byte[0])))
                .contains('S', 't', 'a', 't', 'e', 0xd1, 0, 200);
    }

    private static byte[] userMessageHeader(int size) {
        byte[] all = Bytes.onStream(new UserMessage(new byte[size]));
        return Arrays.copyOf(all, all.length - size);
    }

    @Test
    void refusesToWriteNumbersOutOfRange() {
        assertThatThrownBy(() -> MessageCodec.encode(new Nack(1L << 32)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SeqNo 4294967296 is not in 0..4294967295");
        assertThatThrownBy(() -> MessageCodec.encode(new Nack(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MessageCodec.encode(new Alive(0, "x", new byte[4], 65_536, new byte[0], new byte[0])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Port 65536");
    }

    @Test
    void readsAnyPartOfAnArray() throws WireException {
        byte[] bytes = Vectors.hex("ffff 0b 81" + SEQ + "07 ff");
        assertThat(MessageCodec.decode(bytes, 2, bytes.length - 3)).isEqualTo(new Nack(7));
        assertThatThrownBy(() -> MessageCodec.decode(bytes, 2, bytes.length - 4))
                .isInstanceOf(WireException.class);
    }

    private static Message decode(String hex) throws WireException {
        byte[] bytes = Vectors.hex(hex);
        return MessageCodec.decode(bytes, 0, bytes.length);
    }

    private static void assertFails(String hex, Reason reason) {
        assertThatThrownBy(() -> decode(hex))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
