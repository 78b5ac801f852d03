package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.addressOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.Memberlist;
import io.memberlist.broadcast.UniqueBroadcast;
import io.memberlist.delegate.Delegate;
import io.memberlist.delegate.PingDelegate;
import io.memberlist.member.JoinException;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberlistException;
import io.memberlist.testing.EventRecorder;
import io.memberlist.testing.VirtualCluster;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Delegates of the application, with members in virtual time. */
class DelegateScenarioTest {
    private final VirtualCluster cluster = new VirtualCluster(21);

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The methods of a Go delegate in one. */
    private static final class Application implements Delegate {
        final List<String> heard = new ArrayList<>();
        final List<byte[]> toSend = new ArrayList<>();
        int limit;
        String meta;

        Application(String meta) {
            this.meta = meta;
        }

        @Override
        public byte[] nodeMeta(int most) {
            limit = most;
            return bytes(meta);
        }

        @Override
        public List<byte[]> broadcasts(int overhead, int most) {
            List<byte[]> now = List.copyOf(toSend);
            toSend.clear();
            return now;
        }

        @Override
        public void messageReceived(byte[] message) {
            heard.add("message " + text(message));
        }

        @Override
        public byte[] localState(boolean join) {
            return bytes("state of " + meta + " join=" + join);
        }

        @Override
        public void mergeRemoteState(byte[] state, boolean join) {
            heard.add(text(state) + " at join=" + join);
        }
    }

    @Test
    void oneDelegateGivesMetadataMessagesBroadcastsAndState() {
        Application one = new Application("web");
        Application two = new Application("lb");
        Memberlist a = cluster.start("a", config -> config.delegates(d -> d.delegate(one)));
        Memberlist b = cluster.start("b", config -> config.delegates(d -> d.delegate(two)));
        cluster.await(b.join(addressOf(a)));
        cluster.run(Duration.ofMillis(500));

        assertThat(one.limit).isEqualTo(512);
        assertThat(a.member("b").orElseThrow().meta()).isEqualTo(bytes("lb"));
        assertThat(b.member("a").orElseThrow().meta()).isEqualTo(bytes("web"));
        assertThat(one.heard).containsExactly("state of lb join=true at join=true");
        assertThat(two.heard).containsExactly("state of web join=true at join=true");

        one.heard.clear();
        cluster.run(Duration.ofSeconds(2));
        assertThat(one.heard).as("both knew nobody").hasSize(2).containsOnly("state of lb join=false at join=false");

        one.heard.clear();
        two.toSend.add(bytes("gossip"));
        cluster.run(Duration.ofSeconds(2));
        assertThat(one.heard).containsExactly("message gossip");
    }

    private static String kind(MemberEvent event) {
        return EventRecorder.kind(event).toUpperCase(Locale.ROOT);
    }

    @Test
    void updatingTheNodeAsksForTheMetadataAgain() {
        Application one = new Application("web");
        BlockingQueue<MemberEvent> events = new LinkedBlockingQueue<>();
        Memberlist a = cluster.start("a", config -> config.delegates(d -> d.delegate(one)));
        Memberlist b = cluster.start("b", config -> config.delegates(d -> d.event(events::add)));
        cluster.await(b.join(addressOf(a)));
        one.meta = "api";
        cluster.await(a.updateNode(Duration.ofSeconds(10)));
        cluster.run(Duration.ofSeconds(1));

        assertThat(events)
                .extracting(event -> kind(event) + " " + event.member().name() + " "
                        + text(event.member().meta()))
                .containsExactly("JOINED b ", "JOINED a web", "UPDATED a api");

        one.meta = "x".repeat(513);
        assertThatThrownBy(() -> a.updateNode(Duration.ZERO))
                .isInstanceOf(MemberlistException.class)
                .hasMessageContaining("513")
                .hasMessageContaining("512");
    }

    @Test
    void everyKindOfChangeCanGoIntoAQueue() {
        BlockingQueue<MemberEvent> events = new LinkedBlockingQueue<>();
        Memberlist a = cluster.start("a", config -> config.delegates(d -> d.event(events::add)));
        Memberlist b = cluster.start("b");
        Memberlist c = cluster.start("c");
        cluster.await(b.join(addressOf(a)));
        cluster.await(c.join(addressOf(a)));
        cluster.network().cut((from, to) -> from.equals(b.localMember().address()));
        cluster.runUntil("b is suspected", () -> events.stream().anyMatch(MemberEvent.Suspected.class::isInstance));
        cluster.network().heal();
        cluster.runUntil("b recovers", () -> events.stream().anyMatch(MemberEvent.Recovered.class::isInstance));
        cluster.await(c.leave(Duration.ofSeconds(5)));
        cluster.crash(b);
        cluster.runUntil("b fails", () -> a.numMembers() == 1);

        assertThat(events)
                .extracting(event -> kind(event) + " " + event.member().name())
                .contains("JOINED a", "JOINED b", "JOINED c", "SUSPECTED b", "RECOVERED b", "LEFT c", "FAILED b");
    }

    @Test
    void acksCarryAPayloadAndTellTheRoundTrip() {
        List<String> heard = new ArrayList<>();
        class Payload implements PingDelegate {
            @Override
            public byte[] ackPayload() {
                return bytes("whatever");
            }

            @Override
            public void pingCompleted(Member member, Duration roundTripTime, byte[] payload) {
                assertThat(roundTripTime).isBetween(Duration.ofMillis(2), Duration.ofMillis(6));
                heard.add(member.name() + " " + text(payload));
            }
        }
        Memberlist a = cluster.start("a", config -> config.delegates(d -> d.ping(new Payload())));
        Memberlist b = cluster.start("b", config -> config.delegates(d -> d.ping(new Payload())));
        cluster.await(b.join(addressOf(a)));
        cluster.run(Duration.ofSeconds(10));

        assertThat(heard).contains("a whatever", "b whatever");
    }

    @Test
    void whoClaimsATakenNameIsReportedWithBothSides() {
        List<String> conflicts = new ArrayList<>();
        Memberlist a = cluster.start(
                "a",
                config -> config.delegates(d -> d.conflict(
                        (existing, other) -> conflicts.add(existing.address() + " and " + other.address()))));
        Memberlist b = cluster.start("b");
        cluster.await(b.join(addressOf(a)));
        Memberlist second = cluster.start("b");
        assertThatThrownBy(() -> cluster.await(second.join(addressOf(a))))
                .hasCauseInstanceOf(JoinException.class)
                .hasMessageContaining("the name 'b' is taken by " + addressOf(b));
        cluster.run(Duration.ofMillis(100));

        assertThat(conflicts)
                .isNotEmpty()
                .containsOnly(b.localMember().address() + " and "
                        + second.localMember().address());
    }

    @Test
    void aMergeVetoOnTheSideThatIsJoinedKeepsTheOthersOut() {
        Memberlist strict = cluster.start(
                "strict",
                config -> config.delegates(d -> d.merge(members -> {
                    throw new IllegalStateException("members of another place: " + members.size());
                })));
        Memberlist joiner = cluster.start("joiner");
        // The answer is sent before the merge, as in the Go library: the joining member still learns of the strict one.
        cluster.await(joiner.join(addressOf(strict)));
        cluster.run(Duration.ofMillis(50));

        assertThat(strict.statistics().drops()).containsEntry("vetoed", 1L);
        assertThat(joiner.numMembers()).isEqualTo(2);
    }

    @Test
    void aVetoThatIsBrokenKeepsTheOthersOutToo() {
        Memberlist strict = cluster.start(
                "strict",
                config -> config.delegates(d -> d.alive(member -> {
                            if (member.name().equals("joiner")) {
                                throw new NoClassDefFoundError("a class of the rule");
                            }
                        })
                        .merge(members -> {
                            throw new AssertionError("a mistake in the rule");
                        })));
        Memberlist joiner = cluster.start("joiner");
        cluster.await(joiner.join(addressOf(strict)));
        cluster.run(Duration.ofSeconds(5));

        assertThat(strict.statistics().drops().get("vetoed")).isGreaterThan(1);
        assertThat(strict.numMembers()).isEqualTo(1);
        assertThat(cluster.time().failures()).isEmpty();
    }

    @Test
    void aBroadcastThatIsBrokenFailsItsCaller() {
        Memberlist member = cluster.start("a");
        UniqueBroadcast broken = () -> {
            throw new AssertionError("a mistake in the broadcast");
        };

        assertThatThrownBy(() -> cluster.await(member.queueBroadcast(broken)))
                .hasStackTraceContaining("a mistake in the broadcast");
    }

    @Test
    void callbacksMayAskTheMemberAnythingAndActOnIt() {
        List<String> seen = new ArrayList<>();
        List<CompletableFuture<?>> started = new ArrayList<>();
        Memberlist[] self = new Memberlist[1];
        self[0] = cluster.start(
                "a",
                config -> config.delegates(d -> d.event(event -> {
                    Member member = event.member();
                    if (event instanceof MemberEvent.Joined) {
                        if (self[0] != null) {
                            seen.add(member.name() + " of " + self[0].numMembers() + " "
                                    + self[0].members().contains(member));
                            started.add(self[0].updateMeta(bytes("seen " + member.name()), Duration.ofSeconds(5)));
                            started.add(self[0].sendReliable(member, bytes("hello")));
                        }
                    } else if (event instanceof MemberEvent.Left) {
                        seen.add("left, now " + self[0].numMembers());
                    }
                })));
        Memberlist b = cluster.start("b");
        cluster.await(b.join(addressOf(self[0])));
        cluster.run(Duration.ofSeconds(5));
        cluster.await(b.leave(Duration.ofSeconds(5)));
        cluster.run(Duration.ofSeconds(1));

        assertThat(seen).containsExactly("b of 2 true", "left, now 1");
        assertThat(started).hasSize(2).allMatch(future -> future.isDone() && !future.isCompletedExceptionally());
    }

    @Test
    void aMemberInHandIsNotChangedByLaterNews() {
        Memberlist a = cluster.start("a");
        Memberlist b = cluster.start("b");
        cluster.await(b.join(addressOf(a)));
        Member before = a.member("b").orElseThrow();
        List<Member> all = a.members();
        cluster.await(b.updateMeta(bytes("new"), Duration.ofSeconds(5)));
        cluster.run(Duration.ofSeconds(1));

        assertThat(before.meta()).isEmpty();
        assertThat(all).contains(before);
        assertThat(a.member("b").orElseThrow().meta()).isEqualTo(bytes("new"));
        assertThat(a.member("b").orElseThrow().incarnation()).isGreaterThan(before.incarnation());
    }

    @Test
    void theEventOfTheOwnJoinHasTheOwnMetadata() {
        BlockingQueue<MemberEvent> events = new LinkedBlockingQueue<>();
        cluster.start("a", config -> config.meta(bytes("mine")).delegates(d -> d.event(events::add)));
        cluster.run(Duration.ofMillis(1));

        assertThat(events)
                .hasSize(1)
                .allSatisfy(event -> assertThat(event.member().meta()).isEqualTo(bytes("mine")));
    }
}
