package io.memberlist.messaging.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.virtual.VirtualEventLoop;
import org.junit.jupiter.api.Test;

class PeersTest {
    private final VirtualCluster cluster = new VirtualCluster(1);
    private final Memberlist member = cluster.start("a");
    private final Member other = member.localMember();
    private final Peers peers = new Peers(new VirtualEventLoop(cluster.time(), 1));

    @Test
    void aMemberThatNoLongerAnsweredReceivesTheFirstFewDigestsAgainWhenItReturns() {
        peers.heard(other.name());
        peers.askedOverStream(other, true);
        askUntilItIsGivenUp();
        assertThat(peers.isReliable(other)).isFalse();

        peers.returned(other.name());

        assertThat(peers.isReliable(other)).isTrue();
        assertThat(peers.mayBeAskedOverStream(other)).isTrue();
        assertThat(askUntilItIsGivenUp()).isEqualTo(2);
    }

    @Test
    void aMemberThatNeverSentADigestReceivesNoMoreWhenItReturns() {
        peers.askedOverStream(other, true);
        askUntilItIsGivenUp();

        peers.returned(other.name());

        assertThat(peers.mayBeAskedInPacket(other)).isFalse();
        assertThat(peers.mayBeAskedOverStream(other)).isFalse();
    }

    private int askUntilItIsGivenUp() {
        int asked = 0;
        for (; peers.mayBeAskedInPacket(other); asked++) {
            peers.askedInPacket(other);
        }
        return asked;
    }
}
