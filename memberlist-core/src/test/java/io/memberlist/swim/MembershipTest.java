package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.MemberState;
import io.memberlist.testing.EventRecorder;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualTime;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.Suspect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The effect of each message about a member, one rule at a time. */
class MembershipTest {
    private static final byte[] VERSIONS = {1, 5, 2, 0, 0, 0};
    private static final byte[] NONE = new byte[0];
    private static final byte SUSPECT = 3;
    private static final byte ALIVE = 4;
    private static final byte DEAD = 5;
    private static final Duration RECLAIM = Duration.ofSeconds(5);

    private final VirtualTime time = new VirtualTime();
    private final VirtualEventLoop loop = new VirtualEventLoop(time, 1);
    private final Counters counters = new Counters();
    private final List<String> events = new ArrayList<>();
    private final List<String> accused = new ArrayList<>();
    private static final Teller TELLER = Teller.asked(new InetSocketAddress(InetAddress.getLoopbackAddress(), 7946));

    private PresenceCheck.Presence presence = PresenceCheck.Presence.ANSWERS;
    private MemberTable table;
    private LocalHealth health;
    private Dissemination dissemination;
    private Membership membership;
    private StateMerge states;

    @BeforeEach
    void aMemberAlone() {
        MemberlistConfig config = MemberlistConfig.lan()
                .nodeName("self")
                .suspicion(s -> s.multiplier(1))
                .deadNodeReclaimTime(RECLAIM)
                .callbackExecutor(Runnable::run)
                .delegates(d -> d.event(
                                event -> events.add(EventRecorder.kind(event).toUpperCase(Locale.ROOT) + " "
                                        + event.member().name()))
                        .conflict((existing, other) -> events.add("CONFLICT " + other.name())))
                .build();
        Context context =
                Context.of(config, LifeguardSwitches.ALL, loop, new InetSocketAddress("127.0.0.1", 7946), counters);
        table = context.table();
        health = context.health();
        dissemination = new Dissemination(context, 1400);
        membership = new Membership(
                context,
                dissemination,
                (address, message) -> {
                    if (message instanceof Dead accusation) {
                        accused.add(accusation.node() + " " + accusation.incarnation());
                    }
                },
                new PresenceCheck() {
                    @Override
                    public void askHolder(Recipient holder, Consumer<Presence> outcome) {
                        outcome.accept(presence);
                    }

                    @Override
                    public void askClaimant(Recipient claimant, Consumer<Boolean> answers) {
                        answers.accept(true);
                    }

                    @Override
                    public void askNewcomer(Recipient newcomer, Consumer<Boolean> answers) {
                        answers.accept(true);
                    }
                },
                (member, completion) -> {});
        states = new StateMerge(context, membership);
        forgetWhatHappened();
    }

    private static Alive alive(String name, int host, long incarnation, String meta) {
        byte[] bytes = meta.getBytes(StandardCharsets.UTF_8);
        return new Alive(incarnation, name, new byte[] {127, 0, 0, (byte) host}, 7946, bytes, VERSIONS);
    }

    private void alive(Alive message) {
        membership.alive(TELLER, message);
    }

    private void know(String name, int host, long incarnation) {
        alive(alive(name, host, incarnation, ""));
        forgetWhatHappened();
        time.run(Duration.ofHours(1));
    }

    private void forgetWhatHappened() {
        time.run(Duration.ZERO);
        events.clear();
        dissemination.clear();
    }

    private MemberRecord record(String name) {
        return Objects.requireNonNull(table.get(name), name);
    }

    /** The first byte of every queued message. */
    private List<Byte> queued() {
        return dissemination.take("", 2, 1400).stream()
                .map(message -> message[0])
                .toList();
    }

    @Test
    void aStrangerSaidToBeAliveJoins() {
        alive(alive("test", 2, 1, ""));

        assertThat(record("test").state()).isEqualTo(MemberState.ALIVE);
        assertThat(record("test").incarnation()).isEqualTo(1);
        assertThat(events).containsExactly("JOINED test");
        assertThat(queued()).containsExactly(ALIVE);
        assertThat(counters.aliveMessages.sum()).isEqualTo(1);
    }

    @Test
    void onlyNewerWordsEndASuspicion() {
        know("test", 2, 1);
        membership.suspect(new Suspect(1, "test", "other"));
        forgetWhatHappened();

        alive(alive("test", 2, 1, ""));
        assertThat(record("test").state()).isEqualTo(MemberState.SUSPECT);
        assertThat(queued()).isEmpty();

        alive(alive("test", 2, 2, ""));
        assertThat(record("test").state()).isEqualTo(MemberState.ALIVE);
        assertThat(record("test").stateSinceNanos()).isEqualTo(time.nanos());
        assertThat(events).containsExactly("RECOVERED test");
        assertThat(queued()).containsExactly(ALIVE);
    }

    @Test
    void newerWordsOfAnAliveMemberArePassedOnAndChangeNoState() {
        know("test", 2, 1);
        long since = record("test").stateSinceNanos();

        alive(alive("test", 2, 2, ""));

        assertThat(record("test").stateSinceNanos()).isEqualTo(since);
        assertThat(record("test").incarnation()).isEqualTo(2);
        assertThat(events).isEmpty();
        assertThat(queued()).containsExactly(ALIVE);
    }

    @Test
    void newMetadataIsToldWithTheMemberThatHasIt() {
        alive(alive("test", 2, 1, "val1"));
        forgetWhatHappened();

        alive(alive("test", 2, 2, "val2"));

        assertThat(events).containsExactly("UPDATED test");
        assertThat(record("test").view().meta()).isEqualTo("val2".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void otherWordsAboutMyselfAreOutbid() {
        alive(alive("self", 1, 2, "foo"));

        assertThat(membership.me().meta()).isEmpty();
        assertThat(membership.me().incarnation()).isEqualTo(3);
        assertThat(queued()).containsExactly(ALIVE);
    }

    @Test
    void anotherAddressIsAConflictUntilTheMemberIsDeadForLongEnough() {
        know("test", 2, 1);
        alive(alive("test", 3, 2, "foo"));
        assertThat(events).containsExactly("CONFLICT test");
        assertThat(record("test").address().getAddress().getHostAddress()).isEqualTo("127.0.0.2");
        assertThat(record("test").meta()).isEmpty();
        assertThat(queued()).isEmpty();

        membership.dead(new Dead(2, "test", "other"));
        alive(alive("test", 3, 3, "foo"));
        assertThat(record("test").state()).isEqualTo(MemberState.DEAD);

        time.run(RECLAIM.plusMillis(1));
        alive(alive("test", 3, 3, "foo"));
        assertThat(record("test").state()).isEqualTo(MemberState.ALIVE);
        assertThat(record("test").address().getAddress().getHostAddress()).isEqualTo("127.0.0.3");
        assertThat(record("test").meta()).isEqualTo("foo".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void accusationsOfStrangersAreIgnored() {
        membership.suspect(new Suspect(1, "test", "other"));
        membership.dead(new Dead(1, "test", "other"));

        assertThat(table.size()).isEqualTo(1);
        assertThat(queued()).isEmpty();
    }

    @Test
    void aSuspectIsPassedOnAndDeadWhenItsTimeIsUp() {
        know("test", 2, 1);

        membership.suspect(new Suspect(1, "test", "other"));
        assertThat(record("test").state()).isEqualTo(MemberState.SUSPECT);
        assertThat(record("test").stateSinceNanos()).isEqualTo(time.nanos());
        assertThat(queued()).containsExactly(SUSPECT);
        long suspectedAt = time.nanos();

        time.run(Duration.ofSeconds(2));
        assertThat(record("test").state()).isEqualTo(MemberState.DEAD);
        assertThat(record("test").stateSinceNanos() - suspectedAt)
                .isEqualTo(Duration.ofSeconds(1).toNanos());
        assertThat(queued()).containsExactly(DEAD);
        assertThat(events).containsExactly("SUSPECTED test", "FAILED test");
    }

    @Test
    void theSameSuspicionAgainIsNoNews() {
        know("test", 2, 1);
        membership.suspect(new Suspect(1, "test", "other"));
        long since = record("test").stateSinceNanos();
        time.run(Duration.ofMillis(100));
        forgetWhatHappened();

        membership.suspect(new Suspect(1, "test", "other"));

        assertThat(record("test").stateSinceNanos()).isEqualTo(since);
        assertThat(queued()).isEmpty();
        assertThat(events).isEmpty();
    }

    @Test
    void oldAccusationsAreIgnored() {
        know("test", 2, 10);

        membership.suspect(new Suspect(9, "test", "other"));
        membership.dead(new Dead(9, "test", "other"));

        assertThat(record("test").state()).isEqualTo(MemberState.ALIVE);
        assertThat(queued()).isEmpty();
    }

    @Test
    void aSuspicionOfMyselfIsRefutedAndCountsAgainstMyHealth() {
        membership.suspect(new Suspect(1, "self", "other"));

        assertThat(membership.me().state()).isEqualTo(MemberState.ALIVE);
        assertThat(membership.me().incarnation()).isEqualTo(2);
        assertThat(queued()).containsExactly(ALIVE);
        assertThat(health.score()).isEqualTo(1);
    }

    @Test
    void myOwnDeathIsRefutedAndCountsAgainstMyHealth() {
        membership.dead(new Dead(1, "self", "other"));

        assertThat(membership.me().state()).isEqualTo(MemberState.ALIVE);
        assertThat(membership.me().incarnation()).isEqualTo(2);
        assertThat(queued()).containsExactly(ALIVE);
        assertThat(health.score()).isEqualTo(1);
    }

    @Test
    void whoSaysItselfThatItIsGoneHasLeftAndItsNameIsFree() {
        know("test", 2, 1);

        membership.dead(new Dead(1, "test", "test"));
        assertThat(record("test").state()).isEqualTo(MemberState.LEFT);
        assertThat(events).containsExactly("LEFT test");
        assertThat(queued()).containsExactly(DEAD);

        alive(alive("test", 3, 3, "foo"));
        assertThat(record("test").state()).isEqualTo(MemberState.ALIVE);
        assertThat(record("test").address().getAddress().getHostAddress()).isEqualTo("127.0.0.3");
        assertThat(events).containsExactly("LEFT test", "JOINED test");
    }

    @Test
    void aDeathIsPassedOnAndToldOnce() {
        know("test", 2, 1);

        membership.dead(new Dead(1, "test", "other"));
        assertThat(record("test").state()).isEqualTo(MemberState.DEAD);
        assertThat(record("test").stateSinceNanos()).isEqualTo(time.nanos());
        assertThat(events).containsExactly("FAILED test");
        assertThat(queued()).containsExactly(DEAD);

        forgetWhatHappened();
        membership.dead(new Dead(2, "test", "other"));
        assertThat(events).isEmpty();
        assertThat(queued()).isEmpty();
    }

    private void degrade(String name, int host) {
        for (int incarnation = 2; incarnation < 4; incarnation++) {
            membership.dead(new Dead(incarnation - 1, name, "other"));
            alive(alive(name, host, incarnation, ""));
        }
        assertThat(events).contains("DEGRADED " + name);
        forgetWhatHappened();
    }

    @Test
    void whatADegradedMemberSaysAgainstAnotherNeedsAConfirmation() {
        know("test", 2, 1);
        know("other", 3, 1);
        know("flapping", 4, 1);
        degrade("flapping", 4);

        membership.suspect(new Suspect(1, "test", "flapping"));
        membership.dead(new Dead(1, "test", "flapping"));
        membership.suspect(new Suspect(1, "test", "flapping"));
        assertThat(record("test").state()).isEqualTo(MemberState.ALIVE);
        assertThat(queued()).isEmpty();

        membership.suspect(new Suspect(1, "test", "other"));
        assertThat(record("test").state()).isEqualTo(MemberState.SUSPECT);
        membership.dead(new Dead(1, "test", "flapping"));
        assertThat(record("test").state()).isEqualTo(MemberState.SUSPECT);
    }

    @Test
    void twoDegradedMembersConfirmEachOther() {
        know("test", 2, 1);
        know("one", 3, 1);
        know("two", 4, 1);
        degrade("one", 3);
        degrade("two", 4);

        membership.suspect(new Suspect(1, "test", "one"));
        assertThat(record("test").state()).isEqualTo(MemberState.ALIVE);
        membership.dead(new Dead(1, "test", "two"));
        assertThat(record("test").state()).isEqualTo(MemberState.SUSPECT);
    }

    @Test
    void whatADegradedMemberSaysInAStateNeedsAConfirmationToo() {
        know("test", 2, 1);
        know("other", 3, 1);
        know("flapping", 4, 1);
        degrade("flapping", 4);
        PushPullNode suspected = new PushPullNode("test", new byte[] {127, 0, 0, 2}, 7946, NONE, 1, 1, VERSIONS);

        states.merge(Teller.asked(record("flapping").address()), List.of(suspected), false, () -> {});
        assertThat(record("test").state()).isEqualTo(MemberState.ALIVE);
        states.merge(Teller.asked(record("other").address()), List.of(suspected), false, () -> {});
        assertThat(record("test").state()).isEqualTo(MemberState.SUSPECT);
    }

    @Test
    void ofThreeMembersTheWordOfADegradedOneCounts() {
        know("test", 2, 1);
        know("flapping", 3, 1);
        degrade("flapping", 3);

        membership.suspect(new Suspect(1, "test", "flapping"));
        assertThat(record("test").state()).isEqualTo(MemberState.SUSPECT);
    }

    @Test
    void whoAccusesOthersAgainAndAgainInVainIsDegraded() {
        know("flapping", 2, 1);
        for (int host = 3; host < 8; host++) {
            know("test" + host, host, 1);
        }
        for (int host = 3; host < 8; host++) {
            membership.suspect(new Suspect(1, "test" + host, "flapping"));
            alive(alive("test" + host, host, 2, ""));
        }

        assertThat(events).filteredOn(event -> event.startsWith("DEGRADED")).containsExactly("DEGRADED flapping");
    }

    @Test
    void wordsFromBeforeADeathBringNobodyBackButAreAnsweredWithIt() {
        know("test", 2, 10);
        membership.dead(new Dead(10, "test", "other"));
        forgetWhatHappened();

        alive(alive("test", 2, 10, ""));

        assertThat(record("test").state()).isEqualTo(MemberState.DEAD);
        assertThat(queued()).isEmpty();
        assertThat(accused).containsExactly("test 10");
    }

    @Test
    void thoseWhoLeftAreForgottenLikeTheDead() {
        know("gone", 2, 1);
        know("dead", 3, 1);
        membership.dead(new Dead(1, "gone", "gone"));
        membership.dead(new Dead(1, "dead", "other"));

        time.run(Duration.ofSeconds(29));
        membership.removeDead();
        assertThat(table.size()).isEqualTo(3);

        time.run(Duration.ofSeconds(2));
        membership.removeDead();
        assertThat(table.records()).containsExactly(membership.me());
    }

    @Test
    void anothersWholeStateIsTakenInEntryByEntry() {
        know("test1", 2, 1);
        know("test2", 3, 1);
        know("test3", 4, 1);
        membership.suspect(new Suspect(1, "test1", "other"));
        forgetWhatHappened();

        states.merge(
                TELLER,
                List.of(
                        entry("test1", 2, 2, MemberState.ALIVE),
                        entry("test2", 3, 1, MemberState.SUSPECT),
                        entry("test3", 4, 1, MemberState.DEAD),
                        entry("test4", 5, 2, MemberState.ALIVE),
                        entry("test5", 6, 2, MemberState.DEAD)),
                false,
                () -> {});

        assertThat(record("test1").state()).isEqualTo(MemberState.ALIVE);
        assertThat(record("test1").incarnation()).isEqualTo(2);
        assertThat(record("test2").state()).isEqualTo(MemberState.SUSPECT);
        // A member that another one knows as dead is only suspected here, so that it can still refute.
        assertThat(record("test3").state()).isEqualTo(MemberState.SUSPECT);
        assertThat(record("test4").incarnation()).isEqualTo(2);
        assertThat(table.get("test5")).isNull();
        assertThat(events).containsExactly("RECOVERED test1", "SUSPECTED test2", "SUSPECTED test3", "JOINED test4");
    }

    @Test
    void aLargeStateIsTakenInBySlicesBetweenWhichTheLoopDoesOtherWork() {
        List<PushPullNode> nodes = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            nodes.add(entry("n" + i, 2 + i % 200, 1, MemberState.ALIVE));
        }
        List<Integer> known = new ArrayList<>();

        states.merge(TELLER, nodes, false, () -> known.add(table.size()));
        for (int i = 0; i < 3; i++) {
            loop.execute(() -> known.add(table.size()));
        }
        assertThat(table.size()).as("after the first slice").isLessThan(500);
        time.run(Duration.ZERO);

        assertThat(known).as("the last when all is merged").last().isEqualTo(1001);
        assertThat(known.get(0)).as("when other work comes first").isLessThan(1000);
    }

    @Test
    void aStateThatIsBeingTakenInWhenTheMemberStopsBeginsNoSuspicion() {
        know("last", 2, 1);
        List<PushPullNode> nodes = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            nodes.add(entry("n" + i, 3 + i % 200, 1, MemberState.ALIVE));
        }
        nodes.add(entry("last", 2, 1, MemberState.SUSPECT));

        states.merge(TELLER, nodes, false, () -> {});
        states.stop();
        membership.stop();
        time.run(Duration.ZERO);

        assertThat(record("last").state()).isEqualTo(MemberState.ALIVE);
    }

    private static PushPullNode entry(String name, int host, long incarnation, MemberState state) {
        return new PushPullNode(
                name, new byte[] {127, 0, 0, (byte) host}, 7946, NONE, incarnation, state.ordinal(), VERSIONS);
    }
}
