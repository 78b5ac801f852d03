package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberVersions;
import io.memberlist.wire.Message.PushPullNode;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
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
    void bothSidesMustUnderstandEachOther(String local, String remote, String complaint) {
        assertThat(Versions.incompatibility(
                        List.of(local("local", MemberState.ALIVE, numbers(local))),
                        List.of(remote("remote", 0, numbers(remote)))))
                .isEqualTo(complaint);
    }

    @Test
    void onlyAliveMembersNarrowTheRange() {
        for (int state = 1; state <= 3; state++) {
            assertThat(Versions.incompatibility(
                            List.of(local("local", MemberState.ALIVE, OURS)),
                            List.of(remote("remote", state, 1, 1, 1, 0, 0, 0))))
                    .isNull();
        }
        assertThat(Versions.incompatibility(
                        List.of(
                                local("local", MemberState.ALIVE, OURS),
                                local("failed", MemberState.DEAD, 1, 1, 1, 0, 0, 0)),
                        List.of(remote("remote", 0, OURS))))
                .isNull();
    }

    @Test
    void everybodyMustSpeakWhatTheAliveOnesUnderstand() {
        assertThat(Versions.incompatibility(
                        List.of(local("local", MemberState.ALIVE, OURS)),
                        List.of(remote("failed", 2, 1, 9, 9, 0, 0, 0))))
                .isEqualTo("Node 'failed' protocol version (9) is incompatible: [1, 5]");
        assertThat(Versions.incompatibility(
                        List.of(
                                local("local", MemberState.ALIVE, OURS),
                                local("gone", MemberState.LEFT, 1, 9, 9, 0, 0, 0)),
                        List.of()))
                .isEqualTo("Node 'gone' protocol version (9) is incompatible: [1, 5]");
    }

    @Test
    void whoSaysNothingSpeaksVersionZeroAndNarrowsNothing() {
        assertThat(Versions.incompatibility(
                        List.of(local("local", MemberState.ALIVE, OURS)), List.of(remote("ancient", 0))))
                .isEqualTo("Node 'ancient' protocol version (0) is incompatible: [1, 5]");
        assertThat(Versions.incompatibility(
                        List.of(local("local", MemberState.ALIVE, OURS)), List.of(remote("short", 0, 5, 5, 5))))
                .isEqualTo("Node 'short' protocol version (0) is incompatible: [1, 5]");
        assertThat(Versions.incompatibility(List.of(), List.of(remote("ancient", 0))))
                .isNull();
    }

    private static Member local(String name, MemberState state, int... versions) {
        return new Member(
                name,
                new InetSocketAddress("127.0.0.1", 1),
                new byte[0],
                state,
                1,
                Versions.of(bytes(versions)),
                Instant.EPOCH);
    }

    private static PushPullNode remote(String name, int state, int... versions) {
        return new PushPullNode(name, new byte[] {127, 0, 0, 1}, 1, new byte[0], 1, state, bytes(versions));
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
