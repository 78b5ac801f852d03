package io.memberlist.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.memberlist.Memberlist;
import io.memberlist.member.MemberState;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.core.SpringProperties;

class NetworkLifecycleTest {
    private final Memberlist memberlist = TestMembers.engine(TestMembers.member("a", MemberState.ALIVE, ""));
    private final AtomicInteger restarts = new AtomicInteger();
    private final NetworkLifecycle lifecycle = new NetworkLifecycle(memberlist, restarts::incrementAndGet);

    @Test
    void startsNothingWhileItRuns() {
        lifecycle.start();

        assertThat(restarts).hasValue(0);
        assertThat(lifecycle.isRunning()).isTrue();
    }

    @Test
    void restartsTheMemberThatItShutDown() {
        lifecycle.stop();
        verify(memberlist).close();
        when(memberlist.isRunning()).thenReturn(false);
        assertThat(lifecycle.isRunning()).isFalse();

        lifecycle.start();

        assertThat(restarts).hasValue(1);
    }

    @Test
    void callsBackWhenTheNetworkIsClosed() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        when(memberlist.shutdown()).thenReturn(closed);
        AtomicBoolean stopped = new AtomicBoolean();

        lifecycle.stop(() -> stopped.set(true));
        assertThat(stopped).isFalse();

        closed.complete(null);
        assertThat(stopped).isTrue();
    }

    @Test
    void holdsNoSocketWhenACheckpointComesBeforeTheStart() {
        SpringProperties.setProperty("spring.context.checkpoint", "onRefresh");
        try {
            lifecycle.afterSingletonsInstantiated();
        } finally {
            SpringProperties.setProperty("spring.context.checkpoint", null);
        }
        verify(memberlist).close();
        when(memberlist.isRunning()).thenReturn(false);

        lifecycle.start();

        assertThat(restarts).hasValue(1);
    }

    @Test
    void isOpenBeforeTheStartOtherwise() {
        lifecycle.afterSingletonsInstantiated();

        verify(memberlist, never()).close();
        verify(memberlist, never()).shutdown();
    }

    @Test
    void hasTheLowestPhaseAndIsNotPaused() {
        assertThat(lifecycle.getPhase()).isEqualTo(Integer.MIN_VALUE);
        assertThat(lifecycle.isPauseable()).isFalse();
    }
}
