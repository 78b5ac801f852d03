package io.memberlist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.member.MemberlistException;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class FuturesTest {
    @Test
    void givesTheValue() {
        assertThat(Futures.await(CompletableFuture.completedFuture("x"))).isEqualTo("x");
    }

    @Test
    void throwsAnUncheckedFailureAsItIsAndNamesTheCaller() {
        IllegalStateException failure = new IllegalStateException("port in use");

        assertThatThrownBy(() -> Futures.await(CompletableFuture.failedFuture(failure)))
                .isSameAs(failure)
                .satisfies(e -> assertThat(e.getSuppressed())
                        .singleElement()
                        .satisfies(caller -> assertThat(caller.getStackTrace())
                                .anyMatch(frame -> frame.getClassName().startsWith(FuturesTest.class.getName()))));
    }

    @Test
    void throwsTheFailureOfAnEarlierStage() {
        CompletableFuture<String> future = CompletableFuture.<String>failedFuture(new MemberlistException("no"))
                .thenApply(value -> value + "!");

        assertThatThrownBy(() -> Futures.await(future))
                .isInstanceOf(MemberlistException.class)
                .hasMessage("no");
    }

    @Test
    void wrapsACheckedFailure() {
        IOException failure = new IOException("connection refused");

        assertThatThrownBy(() -> Futures.await(CompletableFuture.failedFuture(failure)))
                .isInstanceOf(MemberlistException.class)
                .hasMessage("connection refused")
                .hasCause(failure);
    }

    @Test
    void aFailureWithoutWordsIsNamedByItsType() {
        assertThatThrownBy(() -> Futures.await(CompletableFuture.failedFuture(new TimeoutException())))
                .isInstanceOf(MemberlistException.class)
                .hasMessage("java.util.concurrent.TimeoutException");
    }

    @Test
    void aCancelledFutureSaysSo() {
        CompletableFuture<String> future = new CompletableFuture<>();
        future.cancel(false);

        assertThatThrownBy(() -> Futures.await(future)).isInstanceOf(CancellationException.class);
    }
}
