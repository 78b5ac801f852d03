package io.memberlist.transport.netty;

import static io.memberlist.transport.netty.TestTransports.failureOf;
import static io.memberlist.transport.netty.TestTransports.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@MethodSource("io.memberlist.transport.netty.Backends#all")
class NettyEventLoopTest {
    private final TestTransports network;
    private Transport transport;
    private EventLoop loop;

    NettyEventLoopTest(IoBackend io) {
        network = new TestTransports(io);
    }

    @BeforeEach
    void open() {
        transport = network.open();
        loop = transport.eventLoop();
    }

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void runsTasksInOrderOnOneThread() {
        List<String> seen = new ArrayList<>();
        CompletableFuture<List<String>> done = new CompletableFuture<>();
        loop.execute(() -> seen.add(Thread.currentThread().getName()));
        loop.execute(() -> seen.add(Thread.currentThread().getName() + loop.inEventLoop()));
        loop.execute(() -> done.complete(seen));
        List<String> names = get(done);
        assertThat(names.get(0)).matches("memberlist-io-\\d");
        assertThat(names.get(1)).isEqualTo(names.get(0) + "true");
        assertThat(loop.inEventLoop()).isFalse();
    }

    @Test
    void tasksThatAreDueInTheSamePartOfTheirSlackRunTogether() {
        long first = loop.coalesce(1_000_000, 100);

        assertThat(first).isBetween(1_000_000L, 1_000_099L);
        assertThat(loop.coalesce(first, 100)).isEqualTo(first);
        assertThat(loop.coalesce(first - 99, 100)).isEqualTo(first);
        assertThat(loop.coalesce(first + 1, 100)).isEqualTo(first + 100);
        assertThat(loop.coalesce(-first, 1)).isEqualTo(-first);
    }

    /** As the slices of a large state do: tasks that tasks add would all run before the loop looks at its timers again. */
    @Test
    void timersHaveTheirTurnBetweenSlicesThatAreTimers() {
        int[] slices = new int[1];
        CompletableFuture<Integer> timer = new CompletableFuture<>();
        loop.execute(() -> {
            loop.schedule(1, () -> timer.complete(slices[0]));
            slice(slices);
        });
        assertThat(get(timer)).isLessThan(5);
    }

    private void slice(int[] slices) {
        if (++slices[0] < 1000) {
            loop.schedule(0, () -> slice(slices));
        }
    }

    @Test
    void timersRunInTheirOrderAndCancelledOnesNever() {
        List<Integer> ran = new ArrayList<>();
        CompletableFuture<List<Integer>> done = new CompletableFuture<>();
        loop.execute(() -> {
            loop.schedule(Duration.ofMillis(40).toNanos(), () -> done.complete(ran));
            EventLoop.Timer cancelled = loop.schedule(Duration.ofMillis(10).toNanos(), () -> ran.add(99));
            loop.schedule(Duration.ofMillis(20).toNanos(), () -> ran.add(2));
            loop.schedule(-5, () -> ran.add(1));
            loop.schedule(Long.MAX_VALUE, () -> ran.add(98)).cancel();
            cancelled.cancel();
            cancelled.cancel();
        });
        assertThat(get(done)).containsExactly(1, 2);
    }

    @Test
    void survivesTasksThatThrow() {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        loop.execute(() -> {
            throw new IllegalStateException("a task that throws");
        });
        loop.schedule(0, () -> {
            throw new AssertionError("a timer that throws");
        });
        loop.schedule(1, () -> done.complete(true));
        assertThat(get(done)).isTrue();
    }

    @Test
    void offloadedWorkRunsElsewhereAndComesBack() {
        CompletableFuture<String> good = new CompletableFuture<>();
        loop.offload(() -> Thread.currentThread().getName(), (result, failure) -> {
            good.complete(result + " " + failure + " " + loop.inEventLoop());
        });
        assertThat(get(good)).matches("memberlist-worker-\\d null true");

        CompletableFuture<String> bad = new CompletableFuture<>();
        loop.offload(
                () -> {
                    throw new IllegalStateException("work that throws");
                },
                (result, failure) -> bad.complete(result + " " + failure + " " + loop.inEventLoop()));
        assertThat(get(bad)).isEqualTo("null java.lang.IllegalStateException: work that throws true");
    }

    @Test
    void anOutcomeThatThrowsIsNotCalledAgain() {
        List<String> calls = new ArrayList<>();
        CompletableFuture<List<String>> done = new CompletableFuture<>();
        loop.offload(() -> 1, (result, failure) -> {
            calls.add("called");
            loop.schedule(Duration.ofMillis(20).toNanos(), () -> done.complete(calls));
            throw new IllegalStateException("an outcome that throws");
        });
        assertThat(get(done)).containsExactly("called");
    }

    @Test
    void dropsEverythingAfterShutdownAlthoughTheThreadLivesOn() {
        Transport other = network.open();
        // Long enough for the transport to close before, even where many tests share the processor.
        loop.schedule(Duration.ofMillis(500).toNanos(), () -> network.offences.add("an old timer"));
        get(transport.close());
        loop.execute(() -> network.offences.add("a task"));
        loop.schedule(0, () -> network.offences.add("a timer")).cancel();
        loop.offload(() -> 1, (result, failure) -> network.offences.add("an outcome"));

        CompletableFuture<Boolean> later = new CompletableFuture<>();
        other.eventLoop().schedule(Duration.ofMillis(600).toNanos(), () -> later.complete(true));
        assertThat(get(later)).isTrue();
        assertThat(network.offences).isEmpty();
    }

    @Test
    void hasClocksAndARandomSourceOfItsOwn() {
        long before = loop.nanoTime();
        assertThat(loop.nanoTime()).isGreaterThanOrEqualTo(before);
        assertThat(loop.wallClock()).isBetween(Instant.now().minusSeconds(60), Instant.now());
        CompletableFuture<Long> mine = new CompletableFuture<>();
        CompletableFuture<Long> theirs = new CompletableFuture<>();
        EventLoop other = network.open().eventLoop();
        loop.execute(() -> mine.complete(loop.random().nextLong()));
        other.execute(() -> theirs.complete(other.random().nextLong()));
        assertThat(get(mine)).isNotEqualTo(get(theirs));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "::1, 0:0:0:0:0:0:0:1",
        "[::1], 0:0:0:0:0:0:0:1",
        "[fe80::1], fe80:0:0:0:0:0:0:1"
    })
    void literalAddressesNeedNoLookUp(String host, String address) {
        CompletableFuture<List<InetAddress>> addresses = transport.resolve(host);
        assertThat(addresses).isCompleted();
        assertThat(get(addresses)).extracting(InetAddress::getHostAddress).containsExactly(address);
    }

    @Test
    void hostNamesAreLookedUpOffTheLoop() {
        CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
        loop.execute(() -> transport.resolve("localhost").thenAccept(x -> onLoop.complete(loop.inEventLoop())));
        assertThat(get(onLoop)).isTrue();
        assertThat(get(transport.resolve("localhost"))).allMatch(InetAddress::isLoopbackAddress);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere.invalid", "", " ", "[::1", "[nonsense]", "999.1.1.1"})
    void aHostWithoutAddressIsNamed(String host) {
        assertThat(failureOf(transport.resolve(host)))
                .isInstanceOf(TransportException.class)
                .hasMessageStartingWith("cannot resolve host '" + host + "': ");
    }
}
