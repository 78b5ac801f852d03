package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.delegate.ConflictDelegate;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.testing.EventRecorder;
import io.memberlist.testing.VirtualCluster;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A member's host gets another address while the member runs. */
class AddressChangeScenarioTest {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration LONG = Duration.ofMinutes(5);

    private final List<String> conflicts = new ArrayList<>();
    private final List<String> events = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 60})
    void othersFollowAMemberToItsNewAddress(int size) {
        VirtualCluster cluster = new VirtualCluster(1, this::counted);
        List<Memberlist> members = cluster.startJoined(size, AddressChangeScenarioTest::onAHost);
        Memberlist mover = members.get(1);

        cluster.network().move(mover.localMember().address(), ip("10.200.0.1"));
        cluster.run(SOON);

        assertThat(members)
                .allSatisfy(observer -> assertThat(seenBy(observer, mover))
                        .returns(MemberState.ALIVE, Member::state)
                        .returns(new InetSocketAddress("10.200.0.1", 7946), Member::address));
        assertThat(conflicts).isEmpty();

        events.clear();
        cluster.run(LONG);
        assertThat(events).as("nobody flaps afterwards").isEmpty();
    }

    @Test
    void theMoverIsToldThatItsAddressChanged() {
        VirtualCluster cluster = new VirtualCluster(2);
        Memberlist a = cluster.start("a", AddressChangeScenarioTest::onAHost);
        Memberlist b =
                cluster.start("b", config -> onAHost(config).delegates(d -> d.event(EventRecorder.into(events))));
        cluster.await(b.join(VirtualCluster.addressOf(a)));
        events.clear();

        cluster.network().move(b.localMember().address(), ip("10.200.0.1"));
        cluster.run(SOON);

        assertThat(events).containsExactly("updated b ");
        assertThat(b.addressProblem()).isEmpty();
    }

    @Test
    void aMemberThatWasGivenUpMeanwhileIsBackAtItsNewAddress() {
        VirtualCluster cluster = new VirtualCluster(3, this::counted);
        List<Memberlist> members = cluster.startJoined(3, AddressChangeScenarioTest::onAHost);
        Memberlist mover = members.get(1);
        cluster.isolate(mover);
        cluster.runUntil(
                "the member is given up",
                () -> VirtualCluster.stateOf(members.get(0), "node-1") == MemberState.DEAD
                        && VirtualCluster.stateOf(members.get(2), "node-1") == MemberState.DEAD);

        cluster.network().move(mover.localMember().address(), ip("10.200.0.1"));
        cluster.network().heal();
        cluster.run(Duration.ofSeconds(60));

        assertThat(members)
                .allSatisfy(observer -> assertThat(seenBy(observer, mover))
                        .returns(MemberState.ALIVE, Member::state)
                        .returns(new InetSocketAddress("10.200.0.1", 7946), Member::address));
        events.clear();
        cluster.run(LONG);
        assertThat(events).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15})
    void itSucceedsAlthoughPacketsGetLost(long seed) {
        VirtualCluster cluster = new VirtualCluster(seed, this::counted);
        List<Memberlist> members = cluster.startJoined(5, AddressChangeScenarioTest::onAHost);
        Memberlist mover = members.get(1);
        cluster.network().loss(0.3);

        cluster.network().move(mover.localMember().address(), ip("10.200.0.1"));
        cluster.run(Duration.ofSeconds(60));
        cluster.network().loss(0);
        cluster.run(Duration.ofSeconds(60));

        assertThat(members)
                .allSatisfy(observer -> assertThat(seenBy(observer, mover))
                        .returns(MemberState.ALIVE, Member::state)
                        .returns(new InetSocketAddress("10.200.0.1", 7946), Member::address));
    }

    @Test
    void aMemberMayMoveAgainBeforeEverybodyKnowsTheFirstMove() {
        VirtualCluster cluster = new VirtualCluster(4, this::counted);
        List<Memberlist> members = cluster.startJoined(5, AddressChangeScenarioTest::onAHost);
        Memberlist mover = members.get(1);
        InetSocketAddress home = mover.localMember().address();

        cluster.network().move(home, ip("10.200.0.1"));
        cluster.run(Duration.ofMillis(4500));
        cluster.network().move(new InetSocketAddress("10.200.0.1", home.getPort()), ip("10.200.0.2"));
        cluster.run(SOON);
        cluster.network().move(new InetSocketAddress("10.200.0.2", home.getPort()), home.getAddress());
        cluster.run(SOON);

        assertThat(members)
                .allSatisfy(observer -> assertThat(seenBy(observer, mover))
                        .returns(MemberState.ALIVE, Member::state)
                        .returns(home, Member::address));
    }

    @Test
    void aMemberThatIsAloneJustTakesTheAddress() {
        VirtualCluster cluster = new VirtualCluster(5);
        Memberlist a = cluster.start("a", AddressChangeScenarioTest::onAHost);
        cluster.network().move(a.localMember().address(), ip("10.200.0.1"));
        cluster.run(SOON);
        Memberlist b = cluster.start("b", AddressChangeScenarioTest::onAHost);

        cluster.await(b.join(VirtualCluster.addressOf(a)));
        cluster.run(Duration.ofSeconds(1));

        assertThat(seenBy(b, a).address()).isEqualTo(new InetSocketAddress("10.200.0.1", 7946));
    }

    @Test
    void aMemberThatHasLeftJoinsAgainFromItsNewAddress() {
        VirtualCluster cluster = new VirtualCluster(6, this::counted);
        List<Memberlist> members = cluster.startJoined(3, AddressChangeScenarioTest::onAHost);
        Memberlist mover = members.get(1);
        cluster.await(mover.leave(Duration.ofSeconds(5)));
        events.clear();
        cluster.network().move(mover.localMember().address(), ip("10.200.0.1"));
        cluster.run(SOON);
        assertThat(VirtualCluster.stateOf(members.get(0), "node-1")).isEqualTo(MemberState.LEFT);
        assertThat(events).as("what has left is not updated").isEmpty();

        cluster.await(mover.join(VirtualCluster.addressOf(members.get(0))));
        cluster.run(SOON);

        assertThat(seenBy(members.get(2), mover).address()).isEqualTo(new InetSocketAddress("10.200.0.1", 7946));
        assertThat(conflicts).isEmpty();
    }

    @Test
    void aNamesakeElsewhereIsNotTakenForTheMemberItself() {
        VirtualCluster cluster = new VirtualCluster(7, this::counted);
        List<Memberlist> members = cluster.startJoined(3, AddressChangeScenarioTest::onAHost);
        Memberlist namesake = cluster.start("node-1", AddressChangeScenarioTest::onAHost);
        cluster.network().move(namesake.localMember().address(), ip("10.200.0.9"));
        cluster.run(SOON);
        InetSocketAddress home = members.get(1).localMember().address();

        namesake.join(VirtualCluster.addressOf(members.get(0)));
        cluster.run(SOON);

        assertThat(members)
                .allSatisfy(observer -> assertThat(seenBy(observer, members.get(1)))
                        .returns(MemberState.ALIVE, Member::state)
                        .returns(home, Member::address));
    }

    private MemberlistConfigBuilder counted(MemberlistConfigBuilder config) {
        ConflictDelegate conflict = (existing, other) -> conflicts.add(existing + " " + other);
        return config.delegates(d -> d.event(EventRecorder.into(events)).conflict(conflict));
    }

    private static MemberlistConfigBuilder onAHost(MemberlistConfigBuilder config) {
        return config.network(n -> n.bindAddress("0.0.0.0"));
    }

    private static Member seenBy(Memberlist observer, Memberlist member) {
        return observer.member(member.localMember().name()).orElseThrow();
    }

    private static InetAddress ip(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
