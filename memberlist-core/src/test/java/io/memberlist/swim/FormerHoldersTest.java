package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualTime;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class FormerHoldersTest {
    private static final InetSocketAddress FIRST = new InetSocketAddress("10.0.0.1", 7946);
    private static final InetSocketAddress SECOND = new InetSocketAddress("10.0.0.2", 7946);
    private static final InetSocketAddress THIRD = new InetSocketAddress("10.0.0.3", 7946);

    private final FormerHolders holders = new FormerHolders(new VirtualEventLoop(new VirtualTime(), 1));

    @Test
    void whoGaveItsNameAwayMayReturnAboveItsEnd() {
        holders.gaveAway("a", FIRST, 5);

        assertThat(holders.mayReturn("a", FIRST, false)).isTrue();
        assertThat(holders.endedAt("a", FIRST)).isEqualTo(5);
        assertThat(holders.endedAt("a", SECOND)).isEqualTo(-1);
    }

    /** What the later holder said before it ended may come afterwards, and must not bring it back. */
    @Test
    void theEndOfALaterHolderStaysKnownWhenTheFirstReturns() {
        holders.gaveAway("a", FIRST, 5);
        holders.gaveAway("a", SECOND, 8);

        holders.returned("a", FIRST, THIRD, 23);

        assertThat(holders.endedAt("a", THIRD)).isEqualTo(23);
        assertThat(holders.endedAt("a", SECOND)).isEqualTo(8);
        assertThat(holders.mayReturn("a", THIRD, true)).isFalse();
        assertThat(holders.mayReturn("a", SECOND, true)).isFalse();
        assertThat(holders.mayReturn("a", FIRST, true)).isFalse();
    }
}
