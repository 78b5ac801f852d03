package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.virtual.VirtualEventLoop;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A member that knows no other has next to nothing to do, and wakes no processor for it. */
class LoneMemberScenarioTest {
    private final VirtualCluster cluster = new VirtualCluster(1);
    private int tasks;

    private Memberlist startAlone() {
        Memberlist alone = startCounted("alone");
        cluster.time().run(Duration.ofSeconds(5));
        tasks = 0;
        return alone;
    }

    private Memberlist startCounted(String name) {
        return cluster.start(
                name,
                config -> config.network(n -> n.bindAddress("127.0.0.1"))
                        .transportFactory(bind -> cluster.network().open(bind).thenApply(transport -> {
                            ((VirtualEventLoop) transport.eventLoop()).afterTask(() -> tasks++);
                            return transport;
                        })));
    }

    private void join(Memberlist one, Memberlist seed) {
        cluster.await(one.join(VirtualCluster.addressOf(seed)));
    }

    @Test
    void aMemberThatKnowsNoOtherWakesAFewTimesAMinute() {
        startAlone();

        cluster.time().run(Duration.ofMinutes(10));
        // It looks for failed members eight times a minute, and twice each for somebody to exchange state with and at
        // its queue.
        assertThat(tasks / 10).isLessThanOrEqualTo(12);
    }

    @Test
    void itGossipsAndProbesAsSoonAsItKnowsAnother() {
        Memberlist alone = startAlone();
        cluster.time().run(Duration.ofMinutes(1));

        Memberlist other = cluster.start("other");
        Memberlist third = cluster.start("third");
        join(other, alone);
        join(third, other);
        cluster.time().run(Duration.ofSeconds(3));
        assertThat(alone.members()).extracting(Member::name).containsExactlyInAnyOrder("alone", "other", "third");

        cluster.crash(other);
        cluster.time().run(Duration.ofSeconds(30));
        assertThat(alone.member("other").orElseThrow().state()).isEqualTo(MemberState.DEAD);
    }

    @Test
    void itRestsAgainWhenAllOthersHaveGone() {
        Memberlist alone = startAlone();
        Memberlist other = cluster.start("other");
        join(other, alone);
        cluster.time().run(Duration.ofSeconds(5));
        cluster.crash(other);
        cluster.time().run(Duration.ofMinutes(3));
        assertThat(alone.allMembers()).extracting(Member::name).containsExactly("alone");

        tasks = 0;
        cluster.time().run(Duration.ofMinutes(10));
        // It looks once a second whether to contact the failed member again, as it does for a day.
        assertThat(tasks / 10).isLessThan(80);
    }

    /** It looked at them twice a second. A member that changes makes it look again. */
    @Test
    void aMemberWhoseSeedsAllLiveDoesNotLookAtThem() {
        Memberlist seed = cluster.start("seed");
        Memberlist other = startCounted("other");
        join(other, seed);
        cluster.time().run(Duration.ofMinutes(1));
        tasks = 0;
        cluster.time().run(Duration.ofMinutes(10));
        // It probes once a second and is probed as often, with two tasks for a packet that it sends.
        assertThat(tasks / 600.0).isLessThan(6);

        cluster.crash(seed);
        cluster.time().run(Duration.ofSeconds(30));
        assertThat(other.missingSeeds()).hasSize(1);
    }
}
