package io.memberlist.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.wire.Message.Nack;
import io.memberlist.wire.Message.Suspect;
import io.memberlist.wire.WireException.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacketCodecTest {
    private static final byte[] OLD_KEY = Keys.key(16, 1);
    private static final byte[] NEW_KEY = Keys.key(32, 2);
    private static final byte[] SUSPECT = MessageCodec.encode(new Suspect(7, "a", "b"));
    private static final byte[] NACK = MessageCodec.encode(new Nack(9));
    private static final byte[] BAD = {MessageType.PING, 7};

    private final Random random = new Random(1);
    private final List<WireException> faults = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "NONE, NONE,  '',    none",
        "LZW,  NONE,  '',    none",
        "LZW,  CRC32, '',    none",
        "LZW,  CRC32, 'abc', none",
        "NONE, CRC32, 'abc', 0",
        "LZW,  CRC32, 'abc', 1",
        "LZW,  NONE,  '',    0",
        "NONE, NONE,  'äöü', 1",
        "SNAPPY, NONE, '', none",
        "SNAPPY, CRC32, 'abc', none",
        "SNAPPY, CRC32, 'abc', 1",
        "SNAPPY, NONE, '', 0"
    })
    void whatIsSentArrives(Compression compression, Checksum checksum, String label, String encryption)
            throws WireException {
        boolean encrypted = !encryption.equals("none");
        PacketCodec codec = codec(new WireFormat(
                compression,
                encrypted ? Integer.parseInt(encryption) : 1,
                label,
                false,
                encrypted ? Keys.of(NEW_KEY) : null,
                true,
                true,
                WireLimits.DEFAULT));

        for (int count : new int[] {1, 2, 3, 255}) {
            byte[] packet = codec.encode(Collections.nCopies(count, SUSPECT), checksum);
            assertThat(codec.decode(packet, faults::add)).hasSize(count).containsOnly(new Suspect(7, "a", "b"));
            int message = count == 1 ? SUSPECT.length : 2 + count * (2 + SUSPECT.length);
            assertThat(packet.length).isLessThanOrEqualTo(message + codec.overhead(checksum));
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void overheadIsWhatIsAdded() {
        assertThat(plain().overhead(Checksum.NONE)).isZero();
        assertThat(plain().overhead(Checksum.CRC32)).isEqualTo(5);
        assertThat(codec(encrypted(1, "abc", true, true, NEW_KEY)).overhead(Checksum.CRC32))
                .isEqualTo(5 + 29 + 5);
        assertThat(codec(encrypted(0, "", true, true, NEW_KEY)).overhead(Checksum.NONE))
                .isEqualTo(45);
        assertThat(codec(encrypted(1, "", true, false, NEW_KEY)).overhead(Checksum.NONE))
                .isZero();
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void compressesOnlyWhereThatIsSmaller(Compression compression) {
        PacketCodec codec = codec(WireFormat.plain(compression, WireLimits.DEFAULT));
        assertThat(codec.encode(List.of(NACK), Checksum.NONE)).isEqualTo(NACK);
        assertThat(codec.encode(Collections.nCopies(9, SUSPECT), Checksum.NONE)[0])
                .isEqualTo((byte) MessageType.COMPRESS);
    }

    @Test
    void refusesToSendWhatNoCompoundHolds() {
        assertThatThrownBy(() -> plain().encode(List.of(), Checksum.NONE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> plain().encode(Collections.nCopies(256, NACK), Checksum.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 255 messages, not 256");
        assertThatThrownBy(() -> plain().encode(List.of(NACK, new byte[65_536]), Checksum.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65535");
    }

    @Test
    void keepsTheGoodPartsOfACompound() throws WireException {
        byte[] packet = plain().encode(List.of(NACK, BAD, new byte[0], SUSPECT), Checksum.NONE);

        assertThat(plain().decode(packet, faults::add)).containsExactly(new Nack(9), new Suspect(7, "a", "b"));
        assertThat(faults).extracting(WireException::reason).containsExactly(Reason.MALFORMED, Reason.TRUNCATED);
    }

    @Test
    void keepsTheWholePartsOfATruncatedCompound() throws WireException {
        byte[] packet = plain().encode(List.of(NACK, SUSPECT, SUSPECT), Checksum.NONE);
        byte[] cut = Arrays.copyOf(packet, packet.length - SUSPECT.length - 1);

        assertThat(plain().decode(cut, faults::add)).containsExactly(new Nack(9));
        assertThat(faults).singleElement().satisfies(fault -> {
            assertThat(fault.reason()).isEqualTo(Reason.TRUNCATED);
            assertThat(fault).hasMessageContaining("2 truncated messages of 3");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "07", "07 02 0001", "09", "0c 00", "f4", "f4 05 61", "f4 00", "f4 01 61 0b 80"})
    void refusesBrokenPackets(String hex) {
        assertThatThrownBy(() -> plain().decode(Vectors.hex(hex), faults::add)).isInstanceOf(WireException.class);
        assertThat(faults).isEmpty();
    }

    @Test
    void refusesAWrongChecksum() {
        byte[] packet = plain().encode(List.of(NACK), Checksum.CRC32);
        packet[packet.length - 1]++;
        assertFails(plain(), packet, Reason.CHECKSUM, "invalid checksum");
    }

    @Test
    void eachWrapperComesOnce() throws WireException {
        byte[] compound = plain().encode(List.of(NACK, NACK), Checksum.NONE);
        byte[] checked = plain().encode(List.of(NACK), Checksum.CRC32);

        assertFails(plain(), Bytes.compressed(Bytes.compressed(NACK)), Reason.UNSUPPORTED, "within a compressed");
        byte[] snappyInLzw = Bytes.compressed(Bytes.compressed(Compression.SNAPPY, NACK));
        assertFails(plain(), snappyInLzw, Reason.UNSUPPORTED, "within a compressed");
        assertFails(plain(), plain().encode(List.of(checked), Checksum.CRC32), Reason.UNSUPPORTED, "(12)");

        assertThat(plain().decode(plain().encode(List.of(compound, NACK), Checksum.NONE), faults::add))
                .containsExactly(new Nack(9));
        assertThat(faults).singleElement().satisfies(e -> assertThat(e).hasMessageContaining("within a compound"));
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void compressionWithinACompoundIsReadWithinTheLimit(Compression compression) throws WireException {
        byte[] big = new byte[600];
        big[0] = MessageType.USER;
        byte[] packet = plain().encode(
                        List.of(Bytes.compressed(compression, big), NACK, Bytes.compressed(compression, big)),
                        Checksum.NONE);
        WireLimits limits = new WireLimits(1000, 1000, 1000, 1000, 1000);

        List<Message> messages =
                codec(WireFormat.plain(Compression.NONE, limits)).decode(packet, faults::add);
        assertThat(messages).hasSize(2).contains(new Nack(9));
        assertThat(faults).extracting(WireException::reason).containsExactly(Reason.TOO_LARGE);
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void unpacksNoBomb(Compression compression) {
        byte[] bomb = Bytes.compressed(compression, new byte[100_000]);
        WireLimits limits = new WireLimits(1000, 1000, 1000, 1000, 1000);
        assertFails(codec(WireFormat.plain(Compression.NONE, limits)), bomb, Reason.TOO_LARGE, "limit (1000)");
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aPartThatCannotBeUnpackedCountsAgainstTheLimit(Compression compression) throws WireException {
        byte[] broken = Bytes.compressed(compression, new byte[200_000]);
        Arrays.fill(broken, broken.length - 6, broken.length, (byte) -1);
        byte[] packet = plain().encode(List.of(broken, broken, NACK, Bytes.compressed(NACK)), Checksum.NONE);

        assertThat(plain().decode(packet, faults::add)).containsExactly(new Nack(9));
        assertThat(faults)
                .extracting(WireException::reason)
                .containsExactly(Reason.COMPRESSION, Reason.TOO_LARGE, Reason.TOO_LARGE);
    }

    @Test
    void unknownAlgorithmsAreNamed() {
        assertFails(plain(), Vectors.hex("09 82 a4416c676f 07 a3427566 a100"), Reason.UNSUPPORTED, "algorithm 7");
    }

    @Test
    void labelsMustMatch() throws WireException {
        PacketCodec blue = codec(labelled("blue", false));
        PacketCodec green = codec(labelled("green", false));
        PacketCodec stripped = codec(labelled("blue", true));
        byte[] packet = blue.encode(List.of(NACK), Checksum.NONE);

        assertThat(blue.decode(packet, faults::add)).containsExactly(new Nack(9));
        assertFails(green, packet, Reason.LABEL, "unacceptable label \"blue\"");
        assertFails(plain(), packet, Reason.LABEL, "unacceptable label \"blue\"");
        assertFails(blue, NACK, Reason.LABEL, "unacceptable label \"\"");
        assertThat(stripped.decode(NACK, faults::add)).containsExactly(new Nack(9));
        assertFails(stripped, packet, Reason.LABEL, "double label");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void everyKeyIsTried(int version) throws WireException {
        byte[] packet = codec(encrypted(version, "l", true, true, OLD_KEY)).encode(List.of(NACK), Checksum.CRC32);

        assertThat(codec(encrypted(1, "l", true, true, NEW_KEY, OLD_KEY)).decode(packet, faults::add))
                .containsExactly(new Nack(9));
        assertFails(codec(encrypted(1, "l", true, true, NEW_KEY)), packet, Reason.DECRYPT, "no installed keys");
    }

    @Test
    void theLabelIsAuthenticated() {
        byte[] packet = codec(encrypted(1, "l", true, true, NEW_KEY)).encode(List.of(NACK), Checksum.NONE);
        packet[2]++;
        assertFails(codec(encrypted(1, "m", true, true, NEW_KEY)), packet, Reason.DECRYPT, "no installed keys");
    }

    @Test
    void plaintextIsLetInWhileEncryptionIsTurnedOn() throws WireException {
        PacketCodec strict = codec(encrypted(1, "", true, true, NEW_KEY));
        PacketCodec lenient = codec(encrypted(1, "", false, true, NEW_KEY));
        PacketCodec sendsPlain = codec(encrypted(1, "", false, false, NEW_KEY));

        assertThat(sendsPlain.encode(List.of(SUSPECT), Checksum.NONE)).isEqualTo(SUSPECT);
        assertThat(lenient.decode(SUSPECT, faults::add)).containsExactly(new Suspect(7, "a", "b"));
        assertThat(sendsPlain.decode(strict.encode(List.of(NACK), Checksum.NONE), faults::add))
                .containsExactly(new Nack(9));
        assertFails(strict, SUSPECT, Reason.UNSUPPORTED, "unsupported encryption version 3");
        assertFails(strict, new byte[] {1, 2, 3}, Reason.DECRYPT, "too small to decrypt: 3");
        assertFails(strict, new byte[0], Reason.TRUNCATED, "empty");
    }

    @Test
    void aKeyOfTheWrongSizeIsToldToTheSender() {
        PacketCodec codec = codec(encrypted(1, "", true, true, new byte[5]));
        assertThatThrownBy(() -> codec.encode(List.of(NACK), Checksum.NONE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("16, 24 or 32 bytes");
    }

    @Test
    void formatsRefuseWhatTheyCannotSay() {
        assertThatThrownBy(() -> labelled("x".repeat(256), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("256 bytes is longer than 255");
        assertThatThrownBy(() -> encrypted(2, "", true, true, NEW_KEY)).isInstanceOf(IllegalArgumentException.class);
        assertThat(encrypted(1, "", true, true, NEW_KEY).toString())
                .contains("keys=present")
                .doesNotContain("Keys[");
    }

    private PacketCodec codec(WireFormat format) {
        return new PacketCodec(format, random::nextBytes);
    }

    private PacketCodec plain() {
        return codec(WireFormat.plain(Compression.NONE, WireLimits.DEFAULT));
    }

    private static WireFormat labelled(String label, boolean skipCheck) {
        return new WireFormat(Compression.NONE, 1, label, skipCheck, null, true, true, WireLimits.DEFAULT);
    }

    private static WireFormat encrypted(int version, String label, boolean in, boolean out, byte[]... keys) {
        return new WireFormat(Compression.NONE, version, label, false, Keys.of(keys), in, out, WireLimits.DEFAULT);
    }

    private void assertFails(PacketCodec codec, byte[] packet, Reason reason, String text) {
        assertThatThrownBy(() -> codec.decode(packet, faults::add))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(text);
    }
}
