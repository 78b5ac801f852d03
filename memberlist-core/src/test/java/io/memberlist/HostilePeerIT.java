package io.memberlist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberlistException;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Suspect;
import io.memberlist.wire.MessageCodec;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Hostile members and careless applications, on real sockets. */
class HostilePeerIT {
    private static final byte[] VERSIONS = {1, 5, 2, 0, 0, 0};

    private static MemberlistConfigBuilder config(String name) {
        return MemberlistConfig.local()
                .nodeName(name)
                .network(n -> n.bindAddress("127.0.0.1").bindPort(0));
    }

    private static int port(Memberlist member) {
        return member.localMember().address().getPort();
    }

    private static void packet(Memberlist to, Message message) throws IOException {
        byte[] bytes = MessageCodec.encode(message);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port(to)));
        }
    }

    /** The refutation of the highest accepted incarnation must itself be acceptable. */
    @Test
    void oneForgedSuspicionCannotKillAMember() throws IOException {
        try (Memberlist victim = Memberlist.create(config("victim").build());
                Memberlist other = Memberlist.create(config("other").build())) {
            other.join("127.0.0.1:" + port(victim)).join();
            packet(other, new Suspect(0xfffe_ffffL, "victim", "nobody"));
            Awaitility.await()
                    .during(Duration.ofSeconds(8))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> other.member("victim").orElseThrow().state() != MemberState.DEAD);
        }
    }

    /** A member whose incarnation was forced to the end of the range can still change its metadata. */
    @Test
    void metaCanBeChangedAndTheClusterLeftAfterAForgedSuspicion() throws Exception {
        try (Memberlist victim = Memberlist.create(config("victim").build());
                Memberlist other = Memberlist.create(config("other").build())) {
            other.join("127.0.0.1:" + port(victim)).join();
            packet(victim, new Suspect(0xfffe_ffffL, "victim", "nobody"));
            Awaitility.await().until(() -> victim.localMember().incarnation() > 1);
            assertThatCode(() -> victim.updateMeta("x".getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(5))
                            .get(6, TimeUnit.SECONDS))
                    .doesNotThrowAnyException();
            assertThat(victim.localMember().incarnation()).isLessThanOrEqualTo(0xffff_ffffL);
            assertThatCode(() -> other.join("127.0.0.1:" + port(victim)).get(6, TimeUnit.SECONDS))
                    .doesNotThrowAnyException();
        }
    }

    /** The next callback is called, whatever the previous one throws. */
    @Test
    void callbacksGoOnAfterAnErrorOrASneakilyThrownException() throws Exception {
        for (Throwable thrown : List.of(new IOException("checked"), new StackOverflowError("mine"))) {
            List<String> got = new CopyOnWriteArrayList<>();
            try (Memberlist member = Memberlist.create(config("m")
                    .delegates(d -> d.message(message -> {
                        got.add(new String(message, StandardCharsets.UTF_8));
                        if (got.size() == 1) {
                            HostilePeerIT.<RuntimeException>sneak(thrown);
                        }
                    }))
                    .build())) {
                member.sendBestEffort(member.localMember(), "1".getBytes(StandardCharsets.UTF_8))
                        .get(3, TimeUnit.SECONDS);
                Awaitility.await().until(() -> got.size() == 1);
                member.sendBestEffort(member.localMember(), "2".getBytes(StandardCharsets.UTF_8))
                        .get(3, TimeUnit.SECONDS);
                Awaitility.await("message after " + thrown)
                        .atMost(Duration.ofSeconds(3))
                        .until(() -> got.size() == 2);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** A message that fits no packet of ours is not accepted. */
    @Test
    void oversizedMembersFromOutsideAreNotTakenIn() throws Exception {
        try (Memberlist victim = Memberlist.create(config("victim").build());
                Memberlist other = Memberlist.create(config("other").build())) {
            other.join("127.0.0.1:" + port(victim)).join();
            byte[] loopback = {127, 0, 0, 1};
            packet(victim, new Alive(1, "fat", loopback, 9, new byte[60_000], VERSIONS));
            packet(victim, new Alive(1, "n".repeat(60_000), loopback, 9, new byte[0], VERSIONS));
            Awaitility.await()
                    .until(() -> victim.statistics().drops().values().stream()
                                    .mapToLong(n -> n)
                                    .sum()
                            == 2);
            Awaitility.await().until(() -> victim.statistics().queuedBroadcasts() == 0);
            assertThat(victim.allMembers()).hasSize(2);
        }
    }

    /** A second caller must not shut down before the leave message has gone out. */
    @Test
    void theSecondLeaveWaitsForTheFirst() throws Exception {
        try (Memberlist a = Memberlist.create(config("a")
                        .gossip(g -> g.interval(Duration.ofSeconds(1)))
                        .build());
                Memberlist b = Memberlist.create(config("b").build())) {
            a.join("127.0.0.1:" + port(b)).join();
            var first = a.leave(Duration.ofSeconds(5));
            a.leave(Duration.ofSeconds(5)).get(6, TimeUnit.SECONDS);
            assertThat(first).succeedsWithin(Duration.ofSeconds(1));
        }
    }

    /** A long holds nanoseconds of 292 years. */
    @Test
    void durationsBeyondNanosecondsAreRefusedAtOnce() {
        assertThatCode(() -> config("x")
                        .network(n -> n.tcpTimeout(Duration.ofDays(200_000)))
                        .build())
                .isInstanceOf(MemberlistException.class)
                .hasMessageContaining("tcpTimeout");
    }
}
