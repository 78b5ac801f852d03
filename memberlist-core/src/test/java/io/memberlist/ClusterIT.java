package io.memberlist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.JoinException;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberlistException;
import io.memberlist.testing.EventRecorder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The public API on real sockets. */
class ClusterIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<Memberlist> started = new ArrayList<>();

    @AfterEach
    void closeAll() {
        started.forEach(Memberlist::close);
    }

    private Memberlist start(MemberlistConfigBuilder config) {
        Memberlist member = Memberlist.create(
                config.network(n -> n.bindAddress("127.0.0.1").bindPort(0)).build());
        started.add(member);
        return member;
    }

    private static String addressOf(Memberlist member) {
        return "127.0.0.1:" + member.localMember().address().getPort();
    }

    @Test
    void threeMembersFindEachOtherAndExchangeMessages() throws Exception {
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        Memberlist a = start(MemberlistConfig.local().nodeName("a").meta("blue".getBytes(StandardCharsets.UTF_8)));
        Memberlist b = start(MemberlistConfig.local().nodeName("b"));
        Memberlist c = start(MemberlistConfig.local()
                .nodeName("c")
                .delegates(d -> d.message(m -> messages.add(new String(m, StandardCharsets.UTF_8)))));

        assertThat(b.join(addressOf(a)).get(10, TimeUnit.SECONDS).count()).isEqualTo(1);
        assertThat(c.join(addressOf(a)).get(10, TimeUnit.SECONDS).count()).isEqualTo(1);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(List.of(a.numMembers(), b.numMembers(), c.numMembers()))
                        .containsOnly(3));
        assertThat(c.member("a").orElseThrow().meta()).isEqualTo("blue".getBytes(StandardCharsets.UTF_8));

        b.sendBestEffort(b.member("c").orElseThrow(), "small".getBytes(StandardCharsets.UTF_8))
                .get(5, TimeUnit.SECONDS);
        assertThat(messages.poll(5, TimeUnit.SECONDS)).isEqualTo("small");
        String large = "x".repeat(1024 * 1024);
        b.sendReliable(b.member("c").orElseThrow(), large.getBytes(StandardCharsets.UTF_8))
                .get(5, TimeUnit.SECONDS);
        assertThat(messages.poll(5, TimeUnit.SECONDS)).isEqualTo(large);
        assertThat(a.ping("b", b.localMember().address()).get(5, TimeUnit.SECONDS))
                .isPositive();
    }

    @Test
    void onceLeftIsLeftAndOnceGoneIsDead() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        Memberlist a = start(MemberlistConfig.local()
                .nodeName("a")
                .delegates(d -> d.event(EventRecorder.into(events, MemberEvent.Left.class, MemberEvent.Failed.class))));
        Memberlist b = start(MemberlistConfig.local().nodeName("b"));
        Memberlist c = start(MemberlistConfig.local().nodeName("c"));
        b.join(addressOf(a)).get(10, TimeUnit.SECONDS);
        c.join(addressOf(a)).get(10, TimeUnit.SECONDS);
        await().atMost(SOON).until(() -> a.numMembers() == 3 && b.numMembers() == 3);

        b.leave(Duration.ofSeconds(5)).get(10, TimeUnit.SECONDS);
        b.close();
        await().atMost(SOON).until(() -> events.size() == 1);
        assertThat(a.member("b").orElseThrow().state()).isEqualTo(MemberState.LEFT);
        c.close();
        await().atMost(SOON).until(() -> events.size() == 2);

        assertThat(a.member("c").orElseThrow().state()).isEqualTo(MemberState.DEAD);
        assertThat(events).containsExactly("left b", "failed c");
        assertThat(a.numMembers()).isEqualTo(1);
    }

    @Test
    void aMemberThatWasShutDownSaysSo() {
        Memberlist a = start(MemberlistConfig.local().nodeName("a"));
        a.close();
        a.close();

        assertThatThrownBy(() -> a.join("127.0.0.1:1").get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(MemberlistException.class)
                .hasMessageContaining("was shut down");
    }

    @Test
    void aPortInUseIsNamedWithTheRemedy() {
        Memberlist a = start(MemberlistConfig.local().nodeName("a"));
        int taken = a.localMember().address().getPort();

        assertThatThrownBy(() -> Memberlist.create(MemberlistConfig.local()
                        .nodeName("b")
                        .network(n -> n.bindAddress("127.0.0.1").bindPort(taken))
                        .build()))
                .isInstanceOf(MemberlistException.class)
                .hasMessageContaining(String.valueOf(taken))
                .hasMessageContaining("0");
    }

    @Test
    void seedsThatCannotBeReachedAreListedWithTheReason() {
        Memberlist a = start(MemberlistConfig.local().nodeName("a"));

        assertThatThrownBy(() -> a.join("127.0.0.1:1", "no such host.invalid:7946", "127.0.0.1:99999")
                        .get(20, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(JoinException.class)
                .satisfies(e -> assertThat(
                                ((JoinException) e).result().failures().keySet())
                        .containsExactlyInAnyOrder("127.0.0.1:1", "no such host.invalid:7946", "127.0.0.1:99999"));
    }
}
