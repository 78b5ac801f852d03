package io.memberlist.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.memberlist.Memberlist;
import io.memberlist.member.JoinResult;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberlistException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class SeedJoinerTest {
    private static final CompletableFuture<JoinResult> REACHED =
            CompletableFuture.completedFuture(new JoinResult(List.of("10.0.0.9:7946"), Map.of()));

    private final Memberlist engine = TestMembers.engine(TestMembers.member("a", MemberState.ALIVE, ""));
    private final ManualTimer timer = new ManualTimer();

    @Test
    void isDoneWhenASeedWasReachedAndAnotherMemberIsKnown() {
        when(engine.numMembers()).thenReturn(2);

        joiner("b").start();
        timer.runNext();

        verify(engine).join(List.of("b"));
        assertThat(timer.tasks).isEmpty();
        assertThat(timer.isShutdown()).isTrue();
    }

    @Test
    void asksAgainUntilASeedAnswers() {
        when(engine.join(anyCollection()))
                .thenReturn(CompletableFuture.failedFuture(new MemberlistException("nobody there")))
                .thenThrow(new MemberlistException("a call that throws"))
                .thenReturn(REACHED);
        when(engine.numMembers()).thenReturn(2);

        joiner("b").start();
        timer.runNext();
        timer.runNext();
        timer.runNext();

        verify(engine, times(3)).join(List.of("b"));
        assertThat(timer.tasks).isEmpty();
    }

    @Test
    void asksAgainWhileItReachesNobodyButItself() {
        when(engine.numMembers()).thenReturn(1, 1, 2);

        joiner("myself").start();
        timer.runNext();
        timer.runNext();
        assertThat(timer.tasks).hasSize(1);
        timer.runNext();

        assertThat(timer.tasks).isEmpty();
    }

    @Test
    void goesOnWhenOthersCameButNoSeedWasReached() {
        when(engine.join(anyCollection()))
                .thenReturn(CompletableFuture.failedFuture(new MemberlistException("nobody there")));
        when(engine.numMembers()).thenReturn(3);

        joiner("b").start();
        timer.runNext();

        assertThat(timer.tasks).hasSize(1);
    }

    @Test
    void tellsOfFailuresOnce(CapturedOutput output) {
        when(engine.join(anyCollection()))
                .thenReturn(CompletableFuture.failedFuture(new MemberlistException("nobody there")));

        joiner("b").start();
        timer.runNext();
        timer.runNext();
        timer.runNext();

        assertThat(output.getOut().split("nobody there", -1)).hasSize(2);
    }

    @Test
    void givesUpTheAttemptThatIsUnderWayWhenStopped() {
        CompletableFuture<JoinResult> pending = new CompletableFuture<>();
        when(engine.join(anyCollection())).thenReturn(pending);

        SeedJoiner joiner = joiner("b");
        joiner.start();
        timer.runNext();
        joiner.stop();

        assertThat(pending).isCancelled();
        assertThat(timer.tasks).isEmpty();
    }

    @Test
    void beginsNothingAfterItWasStopped() {
        SeedJoiner joiner = joiner("b");
        joiner.start();
        joiner.stop();
        timer.runNext();

        verify(engine, never()).join(anyCollection());
    }

    private SeedJoiner joiner(String seed) {
        JoinRetry retry = new JoinRetry(Duration.ofSeconds(1), Duration.ofSeconds(30));
        return new SeedJoiner(engine, List.of(seed), retry, timer);
    }
}
