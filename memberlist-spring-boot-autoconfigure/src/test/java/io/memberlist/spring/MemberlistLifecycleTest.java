package io.memberlist.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.Mockito.after;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.JoinResult;
import io.memberlist.member.MemberEvent;
import io.memberlist.member.MemberState;
import io.memberlist.spring.event.MemberlistEventPublisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.ArgumentCaptor;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.SmartLifecycle;

@ExtendWith(OutputCaptureExtension.class)
class MemberlistLifecycleTest {
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(7);

    private final Memberlist engine = TestMembers.engine(
            MemberlistConfig.local().nodeName("a").network(n -> n.bindPort(0)).build(),
            TestMembers.member("a", MemberState.ALIVE, ""),
            TestMembers.member("b", MemberState.ALIVE, ""));
    private final List<Object> published = new ArrayList<>();
    private final MemberlistEventPublisher events = new MemberlistEventPublisher(published::add, Runnable::run);

    @Test
    void joinsTheSeedsInTheBackground() {
        MemberlistLifecycle lifecycle = lifecycle("10.0.0.7", "10.0.0.8:9000");

        lifecycle.start();

        assertThat(lifecycle.isRunning()).isTrue();
        verify(engine, timeout(5000)).join(List.of("10.0.0.7:7946", "10.0.0.8:9000"));
    }

    @Test
    void logsThatOthersAreThereWheneverTheyAreFound(CapturedOutput output) {
        lifecycle("10.0.0.7").start();
        ArgumentCaptor<Consumer<JoinResult>> listener = ArgumentCaptor.captor();
        verify(engine).addJoinListener(listener.capture());
        assertThat(output.getOut()).doesNotContain("is in a cluster");

        listener.getValue().accept(new JoinResult(List.of("10.0.0.7:7946"), Map.of()));

        assertThat(output.getOut()).containsOnlyOnce("a is in a cluster of 2");
    }

    @Test
    void joinsNobodyWithoutSeeds() {
        MemberlistLifecycle lifecycle = lifecycle();

        lifecycle.start();

        assertThat(lifecycle.isRunning()).isTrue();
        verify(engine, after(50).never()).join(anyCollection());
    }

    @Test
    void callsBackWhenTheNewsHasGoneOut() {
        CompletableFuture<Void> left = new CompletableFuture<>();
        when(engine.leave(LEAVE_TIMEOUT)).thenReturn(left);
        MemberlistLifecycle lifecycle = lifecycle();
        AtomicBoolean stopped = new AtomicBoolean();
        lifecycle.start();

        lifecycle.stop(() -> stopped.set(true));
        assertThat(stopped).isFalse();
        assertThat(lifecycle.isRunning()).isFalse();

        left.complete(null);
        assertThat(stopped).isTrue();
    }

    @Test
    void stopsThoughLeavingFails() {
        when(engine.leave(any())).thenReturn(CompletableFuture.failedFuture(new TimeoutException("too slow")));
        MemberlistLifecycle lifecycle = lifecycle();
        AtomicBoolean stopped = new AtomicBoolean();
        lifecycle.start();

        lifecycle.stop(() -> stopped.set(true));

        assertThat(stopped).isTrue();
    }

    @Test
    void stoppingWhatDoesNotRunCallsBackAndDoesNotLeave() {
        AtomicBoolean stopped = new AtomicBoolean();

        lifecycle().stop(() -> stopped.set(true));

        assertThat(stopped).isTrue();
        verify(engine, never()).leave(any());
    }

    @Test
    void joinsAgainThroughTheMembersItKnew() {
        MemberlistLifecycle lifecycle = lifecycle();
        lifecycle.start();
        lifecycle.stop();
        when(engine.hasLeft()).thenReturn(true);

        lifecycle.start();

        assertThat(lifecycle.isRunning()).isTrue();
        verify(engine, timeout(5000)).join(List.of("b/10.0.0.1:7946"));
    }

    @Test
    void publishesEventsOnlyWhileItRuns() {
        MemberlistLifecycle lifecycle = lifecycle();
        events.memberEvent(new MemberEvent.Joined(TestMembers.member("b", MemberState.ALIVE, "")));
        assertThat(published).isEmpty();

        lifecycle.start();
        assertThat(published).hasSize(1);

        lifecycle.stop();
        events.memberEvent(new MemberEvent.Left(TestMembers.member("b", MemberState.LEFT, "")));
        assertThat(published).hasSize(1);
    }

    @Test
    void runsInTheDefaultPhaseAndIsNotPaused() {
        assertThat(lifecycle().getPhase()).isEqualTo(SmartLifecycle.DEFAULT_PHASE);
        assertThat(lifecycle().isPauseable()).isFalse();
    }

    private MemberlistLifecycle lifecycle(String... seeds) {
        return new MemberlistLifecycle(engine, List.of(seeds), LEAVE_TIMEOUT, events);
    }
}
