package io.memberlist.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.memberlist.Memberlist;
import io.memberlist.member.JoinException;
import io.memberlist.member.JoinResult;
import io.memberlist.member.MemberState;
import io.memberlist.member.MemberlistException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class SeedJoinerTest {
    private final Memberlist engine = TestMembers.engine(TestMembers.member("a", MemberState.ALIVE, ""));

    @Test
    void asksTheSeedsOnceAndIsSilentAboutSuccess(CapturedOutput output) {
        when(engine.numMembers()).thenReturn(2);

        joiner("b").start();

        verify(engine, times(1)).join(List.of("b"));
        assertThat(output.getOut()).isEmpty();
    }

    @Test
    void doesNotRepeatTheReasonOfEachSeedWhichTheMemberLogs(CapturedOutput output) {
        JoinResult result = new JoinResult(List.of(), Map.of("b:7946", new MemberlistException("refused")));
        when(engine.join(anyCollection())).thenReturn(CompletableFuture.failedFuture(new JoinException(result)));

        joiner("b").start();

        assertThat(output.getOut())
                .contains("No other member found through [b] yet (none of them could be joined)")
                .doesNotContain("refused");
    }

    @Test
    void reportsThatNobodyAnswered(CapturedOutput output) {
        when(engine.join(anyCollection()))
                .thenReturn(CompletableFuture.failedFuture(new MemberlistException("nobody there")));

        joiner("b").start();

        assertThat(output.getOut().split("nobody there", -1)).hasSize(2);
        assertThat(output.getOut()).contains("No other member found through [b] yet");
    }

    @Test
    void reportsThatItReachedNobodyButItself(CapturedOutput output) {
        joiner("myself").start();

        assertThat(output.getOut()).contains("nobody but this member is there");
    }

    @Test
    void reportsNothingAfterItWasStopped(CapturedOutput output) {
        CompletableFuture<JoinResult> pending = new CompletableFuture<>();
        when(engine.join(anyCollection())).thenReturn(pending);
        SeedJoiner joiner = joiner("b");
        joiner.start();

        joiner.stop();
        pending.completeExceptionally(new MemberlistException("nobody there"));

        assertThat(output.getOut()).doesNotContain("nobody there");
    }

    private SeedJoiner joiner(String seed) {
        return new SeedJoiner(engine, List.of(seed));
    }
}
