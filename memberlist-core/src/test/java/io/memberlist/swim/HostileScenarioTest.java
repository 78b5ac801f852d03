package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.addressOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.memberlist.Memberlist;
import io.memberlist.config.Keyring;
import io.memberlist.delegate.StateDelegate;
import io.memberlist.member.JoinResult;
import io.memberlist.member.Member;
import io.memberlist.member.MemberlistException;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.Source;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Attacks of a patient attacker, and the damage that they must not do. */
class HostileScenarioTest {
    private static final byte[] VERSIONS = {1, 5, 2, 0, 0, 0};

    private final VirtualCluster cluster = new VirtualCluster(7);

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    @Test
    void streamsThatBreakOffUseUpNothing() {
        Keyring keys = Keyring.of(new byte[32]);
        Memberlist victim = cluster.start(
                "victim", config -> config.encryption(e -> e.keyring(keys)).network(n -> n.label("prod")));
        Transport stranger = cluster.await(cluster.network().open(new InetSocketAddress("10.9.9.9", 7946)));
        // The label and the beginning of an encrypted frame: anybody can send that repeatedly without a key.
        byte[] half = new byte[4_000_000];
        byte[] head = {(byte) 244, 4, 'p', 'r', 'o', 'd', 10, 0, (byte) 0x80, 0, 0};
        System.arraycopy(head, 0, half, 0, head.length);
        for (int i = 0; i < 30; i++) {
            stranger.openStream(Recipient.at(victim.localMember().address()), 1_000_000_000L, new StreamHandler() {
                @Override
                public void opened(Stream stream) {
                    stream.send(half, Completion.IGNORED);
                    stranger.eventLoop().schedule(500_000_000L, stream::close);
                }

                @Override
                public void received(byte[] bytes) {}

                @Override
                public void closed(@Nullable Throwable failure) {}
            });
            cluster.run(Duration.ofSeconds(1));
        }
        Memberlist friend = cluster.start(
                "friend", config -> config.encryption(e -> e.keyring(keys)).network(n -> n.label("prod")));

        assertThat(cluster.await(friend.join(addressOf(victim))).count()).isEqualTo(1);
        assertThat(victim.statistics().drops())
                .containsEntry("stream_broken", 30L)
                .doesNotContainKey("too_large");
    }

    @Test
    void stateThatWaitsForTheApplicationIsBounded() {
        Queue<Runnable> stuck = new ArrayDeque<>();
        long[] merged = new long[1];
        Memberlist victim = cluster.start(
                "victim",
                config -> config.callbackExecutor(stuck::add)
                        .delegates(d -> d.state(new StateDelegate() {
                            @Override
                            public byte[] localState(boolean join) {
                                return new byte[0];
                            }

                            @Override
                            public void mergeRemoteState(byte[] state, boolean join) {
                                merged[0] += state.length;
                            }
                        })));
        ScriptedPeer puppet = new ScriptedPeer(cluster, "10.9.9.9");
        Alive news = puppet.alive("p", 1, 1, 5, 2, 0, 0, 0);
        byte[] state = new byte[8 * 1024 * 1024];
        PushPullNode node = new PushPullNode("p", news.address(), news.port(), news.meta(), 1, 0, news.versions());
        for (int i = 0; i < 15; i++) {
            puppet.ask(victim, new PushPull(false, List.of(node), state));
            cluster.run(Duration.ofSeconds(12));
        }
        while (!stuck.isEmpty()) {
            stuck.remove().run();
        }

        assertThat(merged[0]).isBetween(1L, 64L * 1024 * 1024 + state.length);
        assertThat(victim.statistics().drops()).containsKey("queue_full");
    }

    @Test
    void anAddressThatWasHandedOnDoesNotBringTwoClustersTogether() {
        List<Memberlist> mine = cluster.startJoined(3, config -> config);
        String host = addressOf(mine.get(2)).split(":")[0];
        cluster.crash(mine.get(2));
        cluster.run(Duration.ofMinutes(3));
        Memberlist other = cluster.start("other-0", config -> config.network(n -> n.bindAddress(host)));
        Memberlist another = cluster.start("other-1", config -> config);
        cluster.await(another.join(addressOf(other)));

        cluster.run(Duration.ofMinutes(20));

        assertThat(mine.get(0).members()).extracting(Member::name).containsExactlyInAnyOrder("node-0", "node-1");
        assertThat(other.members()).extracting(Member::name).containsExactlyInAnyOrder("other-0", "other-1");
    }

    @Test
    void aJoinThatNamesNobodyDoesNotUndoALeave() {
        Memberlist member = cluster.start("m");
        cluster.await(member.leave(Duration.ofSeconds(5)));

        CompletableFuture<JoinResult> join = member.join("seed:99999");
        cluster.run(Duration.ofSeconds(30));

        assertThat(join).isCompletedExceptionally();
        assertThat(member.hasLeft()).isTrue();
    }

    @Test
    void logLinesCannotBeForged() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("io.memberlist");
        lines.start();
        logger.addAppender(lines);
        try {
            Memberlist victim = cluster.start("victim");
            ScriptedPeer puppet = new ScriptedPeer(cluster, "10.9.9.9");
            Alive news = puppet.alive("x", 1, 1, 5, 2, 0, 0, 0);
            String evil = "x\n2026-11-22 ERROR forged";
            byte[] versions = {1, 5, 9, 0, 0, 0};
            PushPullNode node = new PushPullNode(evil, news.address(), news.port(), news.meta(), 1, 0, versions);
            PushPullNode longer = new PushPullNode(
                    evil + "y".repeat(100_000), news.address(), news.port(), news.meta(), 1, 0, versions);
            for (int i = 0; i < 20; i++) {
                puppet.ask(victim, new PushPull(false, List.of(node, longer), new byte[0]));
            }
            cluster.run(Duration.ofSeconds(1));

            assertThat(lines.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .noneMatch(line -> line.contains("\n") || line.length() > 1000)
                    .filteredOn(line -> line.contains("Failed push/pull merge"))
                    .hasSize(1);
        } finally {
            logger.detachAppender(lines);
        }
    }

    @Test
    void whoInventsMembersHasFewLinesInTheLog() {
        Logger logger = (Logger) LoggerFactory.getLogger("io.memberlist");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            Memberlist member = cluster.start("m");
            ScriptedPeer puppet = new ScriptedPeer(cluster, "10.9.9.9");
            for (int i = 0; i < 100; i++) {
                puppet.send(member, puppet.alive("future-" + i, 1, 6, 9, 7, 0, 0, 0));
            }

            assertThat(lines.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .filteredOn(line -> line.contains("future"))
                    .as("in two seconds")
                    .hasSize(2);
            assertThat(member.statistics().drops()).containsEntry("bad_versions", 100L);
        } finally {
            logger.detachAppender(lines);
        }
    }

    @Test
    void noPacketKeepsANameOutForGood() {
        List<Memberlist> all = cluster.startJoined(3, config -> config);
        InetSocketAddress at = all.get(2).localMember().address();
        ScriptedPeer puppet = new ScriptedPeer(cluster, "10.9.9.9");
        puppet.send(
                all.get(0),
                new Alive(0xffff_ffffL, "node-2", at.getAddress().getAddress(), at.getPort(), new byte[0], VERSIONS));
        cluster.run(Duration.ofSeconds(5));
        cluster.crash(all.get(2));
        cluster.run(Duration.ofMinutes(5));

        Memberlist again = cluster.start(
                "node-2",
                config -> config.network(n -> n.bindAddress(at.getAddress().getHostAddress())));
        cluster.await(again.join(addressOf(all.get(0))));
        cluster.run(Duration.ofMinutes(1));

        assertThat(all.get(0).members()).extracting(Member::name).contains("node-2");
    }

    @Test
    void whoHasLeftContradictsThoseWhoSayThatItIsAlive() {
        List<Memberlist> all = cluster.startJoined(3, config -> config);
        Memberlist gone = all.get(2);
        InetSocketAddress at = gone.localMember().address();
        cluster.await(gone.leave(Duration.ofSeconds(30)));
        cluster.run(Duration.ofSeconds(5));
        ScriptedPeer puppet = new ScriptedPeer(cluster, "10.9.9.9");

        puppet.send(
                all.get(0),
                new Alive(1000, "node-2", at.getAddress().getAddress(), at.getPort(), new byte[0], VERSIONS));
        cluster.run(Duration.ofSeconds(1));
        assertThat(all.get(0).members()).extracting(Member::name).contains("node-2");
        cluster.run(Duration.ofMinutes(3));

        assertThat(all.get(0).members()).extracting(Member::name).doesNotContain("node-2");
        assertThat(gone.hasLeft()).isTrue();
    }

    @Test
    void aMemberThrowsNoPacketsAtStrangersForOthers() {
        Memberlist member = cluster.start("m");
        ScriptedPeer puppet = new ScriptedPeer(cluster, "10.9.9.9");
        ScriptedPeer stranger = new ScriptedPeer(cluster, "10.8.8.8");
        puppet.send(member, puppet.alive("gone", 5, 1, 5, 2, 0, 0, 0), new Dead(5, "gone", "gone"));
        cluster.runUntil("it is forgotten", () -> member.member("gone").isEmpty());

        // Forged messages that the removed member has the attacker's address.
        for (int i = 0; i < 500; i++) {
            puppet.send(member, stranger.alive("gone", 1, 1, 5, 2, 0, 0, 0));
        }

        assertThat(stranger.heard).as("in ten seconds").hasSizeBetween(1, 11);
    }

    @Test
    void aMemberThatIsGoneIsRemindedOfItAtARateWhoeverPingsInItsName() {
        Memberlist member = cluster.start("m");
        ScriptedPeer puppet = new ScriptedPeer(cluster, "10.9.9.9");
        ScriptedPeer other = new ScriptedPeer(cluster, "10.8.8.8");
        puppet.send(member, puppet.alive("gone", 5, 1, 5, 2, 0, 0, 0), new Dead(5, "gone", "gone"));
        cluster.run(Duration.ofSeconds(3));
        puppet.heard.clear();

        byte[] itsAddress = puppet.address().getAddress().getAddress();
        for (int i = 0; i < 250; i++) {
            other.send(member, new Ping(i, "m", new Source(itsAddress, 7946, "gone")));
        }

        assertThat(puppet.heard)
                .filteredOn(Dead.class::isInstance)
                .as("in five seconds, with gossip")
                .hasSizeBetween(1, 12);
    }

    @Test
    void metadataThatFitsNoPacketIsRefused() {
        Memberlist member = cluster.start("small", config -> config.network(n -> n.udpBufferSize(512)));

        assertThatThrownBy(() -> cluster.await(member.updateMeta(new byte[512], Duration.ofSeconds(5))))
                .cause()
                .isInstanceOf(MemberlistException.class)
                .hasMessageContaining("512")
                .hasMessageContaining("udpBufferSize");
    }
}
