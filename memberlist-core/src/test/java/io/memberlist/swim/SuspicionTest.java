package io.memberlist.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.transport.virtual.VirtualEventLoop;
import io.memberlist.transport.virtual.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SuspicionTest {
    private static final long MIN = TimeUnit.SECONDS.toNanos(2);
    private static final long MAX = TimeUnit.SECONDS.toNanos(30);

    private final VirtualTime time = new VirtualTime();
    private final VirtualEventLoop loop = new VirtualEventLoop(time, 1);
    private final List<Integer> verdicts = new ArrayList<>();

    @AfterEach
    void nothingWasThrown() {
        assertThat(time.failures()).isEmpty();
    }

    @Test
    void lastsTheMaximumWhereNobodyConfirms() {
        suspicion(3);
        runTo(29_999);
        assertThat(verdicts).isEmpty();

        runTo(30_000);
        assertThat(verdicts).containsExactly(0);
    }

    @Test
    void eachConfirmationMovesTheEndForward() {
        Suspicion suspicion = suspicion(3);
        runTo(5_000);
        assertThat(suspicion.confirm("b")).isTrue();
        // 16 s and 7.81 s from its start, see FormulasTest; the time that has passed counts.
        runTo(7_000);
        assertThat(suspicion.confirm("c")).isTrue();
        runTo(7_809);
        assertThat(verdicts).isEmpty();

        runTo(7_810);
        assertThat(verdicts).containsExactly(2);
    }

    @Test
    void allConfirmationsBringItToTheMinimum() {
        Suspicion suspicion = suspicion(3);
        confirm(suspicion, "b", "c", "d");
        runTo(1_999);
        assertThat(verdicts).isEmpty();

        runTo(2_000);
        assertThat(verdicts).containsExactly(3);
    }

    @Test
    void aConfirmationThatComesTooLateForItsTimeoutEndsItSoonButNotAtOnce() {
        Suspicion suspicion = suspicion(3);
        runTo(20_000);
        assertThat(suspicion.confirm("b")).isTrue();
        assertThat(verdicts).as("the caller is still at work on the news").isEmpty();

        time.run(Duration.ZERO);
        assertThat(verdicts).containsExactly(1);
    }

    @Test
    void theSameMemberCountsOnce() {
        Suspicion suspicion = suspicion(3);
        assertThat(suspicion.confirm("b")).isTrue();
        assertThat(suspicion.confirm("b")).isFalse();

        runTo(15_999);
        assertThat(verdicts).isEmpty();
        runTo(16_000);
        assertThat(verdicts).containsExactly(1);
    }

    @Test
    void whoRaisedItCannotConfirmIt() {
        Suspicion suspicion = suspicion(3);
        assertThat(suspicion.confirm("accuser")).isFalse();

        runTo(29_999);
        assertThat(verdicts).isEmpty();
    }

    @Test
    void confirmationsBeyondThoseHopedForAreNoNews() {
        Suspicion suspicion = suspicion(2);
        confirm(suspicion, "b", "c");
        assertThat(suspicion.confirm("d")).isFalse();

        runTo(2_000);
        assertThat(verdicts).containsExactly(2);
    }

    @Test
    void takesTheMinimumWhereNoneAreHopedFor() {
        Suspicion suspicion = suspicion(0);
        assertThat(suspicion.confirm("b")).isFalse();

        runTo(1_999);
        assertThat(verdicts).isEmpty();
        runTo(2_000);
        assertThat(verdicts).containsExactly(0);
    }

    @Test
    void endsWithoutAVerdictWhenCancelled() {
        Suspicion suspicion = suspicion(3);
        confirm(suspicion, "b");
        suspicion.cancel();

        runTo(100_000);
        assertThat(verdicts).isEmpty();
    }

    @Test
    void isOverOnceItWasCancelled() {
        Suspicion suspicion = suspicion(3);
        suspicion.cancel();
        assertThat(suspicion.confirm("b")).isFalse();

        runTo(100_000);
        assertThat(verdicts).isEmpty();
    }

    @Test
    void givesOneVerdictOnly() {
        Suspicion suspicion = suspicion(3);
        runTo(30_000);
        assertThat(suspicion.confirm("b")).isFalse();

        runTo(100_000);
        assertThat(verdicts).containsExactly(0);
    }

    private Suspicion suspicion(int hopedFor) {
        return new Suspicion(loop, "accuser", new Suspicion.Timeout(hopedFor, MIN, MAX), verdicts::add);
    }

    private static void confirm(Suspicion suspicion, String... members) {
        for (String member : members) {
            assertThat(suspicion.confirm(member)).isTrue();
        }
    }

    private void runTo(long millis) {
        time.run(Duration.ofMillis(millis).minusNanos(time.nanos()));
    }
}
