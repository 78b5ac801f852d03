package io.memberlist.sample;

import io.memberlist.Memberlist;
import io.memberlist.MemberlistConfig;
import io.memberlist.Tags;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Further members in this JVM, so that a single start shows a cluster. They are plain {@link Memberlist} instances on
 * free ports, made without Spring, as an application without Spring would make them.
 */
@Component
class Companions implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Companions.class);
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(5);

    private final Memberlist main;
    private final int count;
    private final List<Memberlist> members = new ArrayList<>();
    private volatile boolean running;

    Companions(Memberlist main, SampleProperties properties) {
        this.main = main;
        this.count = properties.companions();
    }

    @Override
    public synchronized void start() {
        running = true;
        String seed = address(main.localMember().address());
        for (int i = 1; i <= count; i++) {
            Memberlist companion = Memberlist.create(config(i));
            members.add(companion);
            join(companion, seed);
        }
    }

    private void join(Memberlist companion, String seed) {
        companion.join(seed).whenComplete((result, failure) -> {
            if (failure != null && running) {
                log.info("A companion could not join {} and tries again: {}", seed, failure.getMessage());
                CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(() -> join(companion, seed));
            }
        });
    }

    @Override
    public void stop(Runnable callback) {
        leave().whenComplete((done, failure) -> callback.run());
    }

    @Override
    public void stop() {
        leave().join();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private synchronized CompletableFuture<?> leave() {
        running = false;
        CompletableFuture<?>[] ends = members.stream()
                .map(member -> member.leave(LEAVE_TIMEOUT)
                        .handle((done, failure) -> member.shutdown())
                        .thenCompose(end -> end))
                .toArray(CompletableFuture[]::new);
        members.clear();
        return CompletableFuture.allOf(ends);
    }

    /** The same network and timing as the application's member, but a port, a name and metadata of its own. */
    private MemberlistConfig config(int number) {
        return main.config().toBuilder()
                .nodeName(main.localMember().name() + "-companion-" + number)
                .bindPort(0)
                .advertisePort(0)
                .meta(Tags.encode(Map.of("role", "companion", "number", String.valueOf(number))))
                .eventDelegate(null)
                .messageDelegate(null)
                .callbackExecutor(null)
                .build();
    }

    private static String address(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        String host = ip instanceof Inet6Address ? "[" + ip.getHostAddress() + "]" : ip.getHostAddress();
        return host + ":" + address.getPort();
    }
}
