package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.allSee;
import static io.memberlist.testing.VirtualCluster.stateOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import io.memberlist.testing.EventRecorder;
import io.memberlist.testing.VirtualCluster;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A member that others declared dead is notified of it: what it owned may have another owner by now. */
class DeclaredDeadScenarioTest {
    private final List<String> deaths = new ArrayList<>();
    private final VirtualCluster cluster = new VirtualCluster(1415);

    private List<Memberlist> started() {
        return cluster.startJoined(
                4,
                config -> config.delegates(
                        d -> d.event(EventRecorder.into(deaths, MemberEvent.LocalDeclaredDead.class))));
    }

    @ParameterizedTest
    @ValueSource(longs = {20, 60, 600})
    void aMemberThatWasPausedHearsOfItsDeathOnce(long seconds) {
        List<Memberlist> members = started();
        InetSocketAddress paused = members.get(1).localMember().address();
        cluster.network().pause(paused);
        cluster.run(Duration.ofSeconds(seconds));
        assertThat(stateOf(members.get(0), "node-1")).isIn(null, MemberState.DEAD);
        assertThat(deaths).isEmpty();

        cluster.network().resume(paused);
        cluster.runUntil("it is a member again", () -> allSee(members, 4));
        cluster.run(Duration.ofMinutes(1));

        assertThat(deaths).containsExactly("localdeclareddead node-1");
    }

    @Test
    void aMemberIsNotNotifiedOfTheDeathOfTheProcessThatHadItsNameBefore() {
        List<Memberlist> members = started();
        Memberlist last = members.get(3);
        cluster.await(last.shutdown());
        cluster.runUntil("it is found dead", () -> allSee(members.subList(0, 3), 3));
        cluster.await(last.restart());

        cluster.runUntil("it is a member again", () -> allSee(members, 4));
        cluster.run(Duration.ofMinutes(1));

        assertThat(deaths).isEmpty();
    }

    @Test
    void aSuspicionIsNoDeath() {
        List<Memberlist> members = started();
        InetSocketAddress paused = members.get(1).localMember().address();
        cluster.network().pause(paused);
        cluster.runUntil("it is suspected", () -> stateOf(members.get(0), "node-1") == MemberState.SUSPECT);

        cluster.network().resume(paused);
        cluster.run(Duration.ofMinutes(1));

        assertThat(allSee(members, 4)).isTrue();
        assertThat(deaths).isEmpty();
    }
}
