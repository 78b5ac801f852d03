package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberVersions;
import java.net.InetSocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionsTest {
    private static final int[] OURS = {1, 5, 2, 0, 0, 0};

    @Test
    void bytesAreUnsigned() {
        assertThat(Versions.of(bytes(1, 255, 2, 3, 254, 200))).isEqualTo(new MemberVersions(1, 255, 2, 3, 254, 200));
    }

    @Test
    void tooFewBytesSayNothing() {
        MemberVersions none = new MemberVersions(0, 0, 0, 0, 0, 0);
        assertThat(Versions.of(bytes())).isEqualTo(none);
        assertThat(Versions.of(bytes(1, 5, 2, 0, 0))).isEqualTo(none);
        assertThat(Versions.of(bytes(1, 5, 2, 0, 0, 1, 99))).isEqualTo(new MemberVersions(1, 5, 2, 0, 0, 1));
    }

    @ParameterizedTest
    @CsvSource({"1, 5, true", "3, 3, true", "1, 255, true", "0, 5, false", "1, 0, false", "0, 0, false", "4, 3, false"})
    void aProtocolRangeMustMakeSense(int min, int max, boolean plausible) {
        assertThat(Versions.plausible(bytes(min, max, 2, 0, 0, 0))).isEqualTo(plausible);
        assertThat(Versions.plausible(bytes(min, max, 2))).isEqualTo(plausible);
    }

    @Test
    void whoSaysNothingIsPlausible() {
        assertThat(Versions.plausible(bytes())).isTrue();
        assertThat(Versions.plausible(bytes(0, 0))).isTrue();
    }

    /** Local and remote versions; the error, which is that of the Go library, or nothing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "1 5 2 0 0 0 | 1 5 2 0 0 0 | -",
                "1 5 5 0 0 0 | 1 5 1 0 0 0 | -",
                "1 5 2 0 0 0 | 2 4 2 0 0 0 | -",
                "1 5 2 0 3 3 | 1 5 2 3 9 3 | -",
                "1 5 2 0 0 0 | 3 5 3 0 0 0 | Node 'local' protocol version (2) is incompatible: [3, 5]",
                "1 5 5 0 0 0 | 1 4 4 0 0 0 | Node 'local' protocol version (5) is incompatible: [1, 4]",
                "1 5 2 0 0 0 | 1 9 6 0 0 0 | Node 'remote' protocol version (6) is incompatible: [1, 5]",
                "3 5 3 0 0 0 | 1 5 2 0 0 0 | Node 'remote' protocol version (2) is incompatible: [3, 5]",
                "1 2 2 0 0 0 | 4 5 4 0 0 0 | Node 'remote' protocol version (4) is incompatible: [4, 2]",
                "1 5 2 0 3 3 | 1 5 2 4 9 4 | Node 'remote' delegate protocol version (4) is incompatible: [4, 3]",
                "1 5 2 0 9 3 | 1 5 2 4 9 4 | Node 'local' delegate protocol version (3) is incompatible: [4, 9]",
                "1 5 2 0 3 3 | 1 5 2 0 9 4 | Node 'remote' delegate protocol version (4) is incompatible: [0, 3]",
                "1 5 2 0 0 0 | 1 5 6 0 0 7 | Node 'remote' protocol version (6) is incompatible: [1, 5]"
            })
    void bothSidesMustUnderstandEachOther(String local, String remote, @Nullable String complaint) {
        assertThat(Versions.incompatibility(member("local", numbers(local)), "remote", bytes(numbers(remote))))
                .isEqualTo(complaint);
    }

    @Test
    void whoSaysNothingIsUnderstoodAndWhoSaysTooLittleSpeaksVersionZero() {
        assertThat(Versions.incompatibility(member("local", OURS), "ancient", bytes()))
                .isNull();
        assertThat(Versions.incompatibility(member("local", OURS), "short", bytes(5, 5, 5)))
                .isEqualTo("Node 'short' protocol version (0) is incompatible: [1, 5]");
    }

    @Test
    void namesOfOthersAreMadePrintable() {
        assertThat(Versions.incompatibility(member("local", OURS), "a\nb", bytes(1, 5, 9, 0, 0, 0)))
                .startsWith("Node 'a\\u000ab' protocol version (9)");
    }

    private static Member member(String name, int... versions) {
        return new Member(
                name,
                new InetSocketAddress("127.0.0.1", 1),
                new byte[0],
                MemberState.ALIVE,
                1,
                Versions.of(bytes(versions)),
                Instant.EPOCH);
    }

    private static int[] numbers(String text) {
        return java.util.Arrays.stream(text.split(" "))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
