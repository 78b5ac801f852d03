package io.memberlist.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.memberlist.testing.TestNameServer;
import io.memberlist.transport.Transport;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.slf4j.LoggerFactory;

/**
 * Opens the transports of one test. At the end it closes them and checks that no thread remains, no callback ran on a
 * wrong thread, and no buffer leaked.
 */
final class TestTransports implements AutoCloseable {
    static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    static final long SECONDS = 60;
    private static final int ACCEPTED_LIMIT = 16;

    /** Threads that other tests may have left are ignored. */
    private final Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();

    private final Wire wire;
    final NettyTransportFactory factory;
    final Queue<String> offences = new ConcurrentLinkedQueue<>();
    private final List<Transport> transports = new ArrayList<>();
    private final List<TestNameServer> nameServers = new ArrayList<>();
    private final ListAppender<ILoggingEvent> leaks = new ListAppender<>();
    private final ResourceLeakDetector.Level levelBefore = ResourceLeakDetector.getLevel();

    TestTransports(IoBackend io) {
        this(new Wire(io, null));
    }

    TestTransports(Wire wire) {
        this.wire = wire;
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        factory = new NettyTransportFactory(wire.io(), ACCEPTED_LIMIT);
        leaks.start();
        leakLogger().addAppender(leaks);
    }

    static int acceptedFromOneAddress() {
        return ACCEPTED_LIMIT / 2;
    }

    Transport open() {
        return open(ANY_PORT);
    }

    Transport open(InetSocketAddress bind) {
        return open(factory, bind);
    }

    /** A started transport of another kind, on the same threads. */
    RecordingListener started(TcpOptions options) {
        return started(open(factory, ANY_PORT, options));
    }

    private Transport open(NettyTransportFactory from, InetSocketAddress bind) {
        return open(from, bind, wire.options());
    }

    private Transport open(NettyTransportFactory from, InetSocketAddress bind, @Nullable TcpOptions options) {
        Transport transport = get(
                options == null
                        ? from.open(bind)
                        : from.open(
                                bind,
                                false,
                                (io, loop, bound) -> new TcpTransport(io, loop, bound, ACCEPTED_LIMIT, options)));
        transports.add(transport);
        return transport;
    }

    /** A started transport with its recording listener. */
    RecordingListener started() {
        return started(ANY_PORT);
    }

    RecordingListener started(InetSocketAddress bind) {
        return started(open(bind));
    }

    /** As {@link #started()}, listening at another address as well. */
    RecordingListener startedAlsoAt(InetAddress more) {
        return started(open(factory.alsoAt(more), ANY_PORT));
    }

    private RecordingListener started(Transport transport) {
        RecordingListener recorder = new RecordingListener(transport, offences);
        transport.eventLoop().execute(() -> transport.start(recorder));
        return recorder;
    }

    /** A name server at an address of this machine, which is closed with the transports. */
    TestNameServer nameServer(String address, TestNameServer.Responder responder) throws IOException {
        TestNameServer server = new TestNameServer(InetAddress.getByName(address), responder);
        nameServers.add(server);
        return server;
    }

    /** Skips the test with a message on a machine without IPv6. */
    static void assumeIpv6() {
        try {
            new DatagramSocket(new InetSocketAddress("::1", 0)).close();
        } catch (IOException e) {
            Assumptions.abort("no IPv6 on this machine: " + e.getMessage());
        }
    }

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("not done in " + SECONDS + " s, while the loops do this:\n" + loops(), e);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** Only an idle loop shows whether it waits for an event, or is blocked. */
    private static String loops() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().startsWith("memberlist-"))
                .map(thread ->
                        thread.getKey() + " " + thread.getKey().getState() + " " + Arrays.toString(thread.getValue()))
                .collect(Collectors.joining("\n"));
    }

    static Throwable failureOf(CompletableFuture<?> future) {
        return get(future.handle((value, failure) -> {
            assertThat(failure).as("failure instead of %s", value).isNotNull();
            return failure;
        }));
    }

    List<Thread> threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix) && !threadsBefore.contains(thread))
                .toList();
    }

    /** Waits until the threads of a closed network are gone. */
    void assertNoThreads() {
        for (Thread thread : threads("memberlist-")) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(SECONDS));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
    }

    @Override
    public void close() {
        transports.forEach(transport -> get(transport.close()));
        nameServers.forEach(TestTransports::closeServer);
        assertNoThreads();
        assertThat(offences).isEmpty();
        assertNoLeaks();
    }

    private static void closeServer(TestNameServer server) {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertNoLeaks() {
        // A leak shows when the buffer was collected and the next one is allocated.
        System.gc();
        io.netty.buffer.PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
        leakLogger().detachAppender(leaks);
        ResourceLeakDetector.setLevel(levelBefore);
        assertThat(leaks.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
    }

    private static Logger leakLogger() {
        return (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    }
}
