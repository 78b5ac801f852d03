package io.memberlist.sample.companions;

import io.memberlist.Memberlist;
import io.memberlist.config.Keyring;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.Member;
import io.memberlist.member.MemberTags;
import io.memberlist.messaging.ClusterKeys;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.sample.SampleProperties;
import io.memberlist.sample.network.Endpoint;
import io.memberlist.sample.network.FaultInjectingNetwork;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The members that this JVM runs: the application's own, and its companions. Companions are plain {@link Memberlist}
 * instances on free ports, created as in an application without Spring.
 */
@Component
public class Companions implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Companions.class);
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(8);
    private static final int MAX_ENDED = 100;

    private final Companion main;
    private final FaultInjectingNetwork network;
    private final DisseminationTracker dissemination;
    private final RoundTrips roundTrips;
    private final DeliveryReceipts receipts;
    private final int initial;
    private final Map<String, Companion> companions = new LinkedHashMap<>();
    private final Map<String, Truth> ended = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Truth> eldest) {
            return size() > MAX_ENDED;
        }
    };
    private final Lock starting = new ReentrantLock();
    private int lastNumber;
    private volatile boolean running;

    Companions(
            Memberlist main,
            FaultInjectingNetwork network,
            DisseminationTracker dissemination,
            RoundTrips roundTrips,
            DeliveryReceipts receipts,
            SampleProperties properties) {
        Endpoint endpoint =
                main.config().transportFactory() instanceof Endpoint own ? own : network.attach(main.config());
        endpoint.advertise(main.localMember().address());
        this.main = new Companion(main, endpoint);
        this.network = network;
        this.dissemination = dissemination;
        this.roundTrips = roundTrips;
        this.receipts = receipts;
        this.initial = properties.companions();
        receipts.attach(main);
    }

    /** {@return the application's own member} */
    public Companion main() {
        return main;
    }

    /** {@return whether this JVM runs a cluster of its own, and not one member of a cluster of processes} */
    public boolean areWanted() {
        return initial > 0;
    }

    /** {@return every member that this JVM runs, the application's own first} */
    public synchronized List<Companion> all() {
        List<Companion> all = new ArrayList<>();
        all.add(main);
        all.addAll(companions.values());
        return all;
    }

    /** {@return the running companion of that name} */
    public synchronized Optional<Companion> find(String name) {
        return Optional.ofNullable(companions.get(name));
    }

    /** {@return what is certain of a member} */
    public synchronized Truth truth(String name) {
        if (name.equals(main.name())) {
            return Truth.RUNNING;
        }
        Companion companion = companions.get(name);
        if (companion != null) {
            return companion.endpoint().isPaused() ? Truth.PAUSED : Truth.RUNNING;
        }
        return ended.getOrDefault(name, Truth.ELSEWHERE);
    }

    /** Starts one more companion, which joins automatically. Waits while {@link #withAllJoined} is under way. */
    public Companion startOne() {
        starting.lock();
        try {
            return create();
        } finally {
            starting.unlock();
        }
    }

    /**
     * Runs a change that no member may miss: waits until all companions have joined, and starts no further ones
     * meanwhile.
     *
     * @throws RejectedRequestException if a companion has not joined in time
     */
    public <T> T withAllJoined(Supplier<T> change) {
        starting.lock();
        try {
            long deadline = System.nanoTime() + JOIN_TIMEOUT.toNanos();
            for (Optional<String> missing = missing(); missing.isPresent(); missing = missing()) {
                if (System.nanoTime() - deadline > 0) {
                    throw RejectedRequestException.because(
                            missing.get() + " runs, and is no member at this time: wait until it is alive.");
                }
                Thread.sleep(50);
            }
            return change.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RejectedRequestException.because("The application was stopped.");
        } finally {
            starting.unlock();
        }
    }

    /** {@return a companion that runs, and that the application's member does not hold for alive} */
    private Optional<String> missing() {
        Set<String> members =
                main.memberlist().members().stream().map(Member::name).collect(Collectors.toSet());
        return all().stream()
                .map(Companion::name)
                .filter(name -> !members.contains(name))
                .findFirst();
    }

    private synchronized Companion create() {
        if (companions.size() >= SampleProperties.MAX_COMPANIONS) {
            throw RejectedRequestException.because(
                    "There are " + companions.size() + " companions already, and no more than "
                            + SampleProperties.MAX_COMPANIONS + " are allowed: stop or kill one first.");
        }
        int number = ++lastNumber;
        MemberlistConfig config = config(number);
        Endpoint endpoint = network.attach(config);
        Memberlist memberlist =
                Memberlist.create(config.toBuilder().transportFactory(endpoint).build());
        endpoint.advertise(memberlist.localMember().address());
        Companion companion = new Companion(memberlist, endpoint);
        receipts.attach(memberlist);
        if (ClusterKeys.possibleWith(config)) {
            new ClusterKeys(memberlist);
        }
        companions.put(companion.name(), companion);
        tellAudience();
        join(memberlist, text(main.memberlist().localMember().address()));
        return companion;
    }

    /** Lets a companion leave, and shuts it down. */
    public void stop(Companion companion) {
        take(companion, Truth.STOPPED);
        end(companion);
    }

    /** Stops a companion without notifying anybody. */
    public void kill(Companion companion) {
        take(companion, Truth.KILLED);
        companion.endpoint().silence();
        companion.endpoint().resume(); // a paused member could not even shut down
        companion.memberlist().shutdown();
    }

    private synchronized void take(Companion companion, Truth how) {
        companions.remove(companion.name());
        ended.put(companion.name(), how);
        roundTrips.forget(companion.name());
        tellAudience();
    }

    private void tellAudience() {
        Map<String, Memberlist> members = new LinkedHashMap<>();
        all().forEach(one -> members.put(one.name(), one.memberlist()));
        dissemination.audience(members);
    }

    private static CompletableFuture<Void> end(Companion companion) {
        Memberlist memberlist = companion.memberlist();
        return memberlist
                .leave(LEAVE_TIMEOUT)
                .handle((done, failure) -> memberlist.shutdown())
                .thenCompose(end -> end)
                .whenComplete((done, failure) -> companion.endpoint().silence());
    }

    private void join(Memberlist companion, String seed) {
        companion.join(seed).whenComplete((result, failure) -> {
            if (failure != null && running && companion.isRunning() && !companion.hasLeft()) {
                log.info("A companion could not join {} and tries again: {}", seed, failure.getMessage());
                CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(() -> join(companion, seed));
            }
        });
    }

    /** The same network and timing as the application's member, but its own port, name, keys and tags. */
    private MemberlistConfig config(int number) {
        String name = main.name() + "-companion-" + number;
        return main.memberlist().config().toBuilder()
                .nodeName(name)
                .network(n -> n.bindPort(0).advertisePort(0))
                .meta(MemberTags.encode(Map.of("role", "companion", "number", String.valueOf(number))))
                .encryption(e ->
                        e.keyring(copy(main.memberlist().config().encryption().keyring())))
                .delegates(d -> d.event(event -> dissemination.heard(name, event))
                        .ping(roundTrips)
                        .message(null))
                .extensions(List.of(ClusterMessaging.create(
                                ClusterMessaging.of(main.memberlist()).config())
                        .extension()))
                .callbackExecutor(null)
                .transportFactory(null)
                .build();
    }

    private static @Nullable Keyring copy(@Nullable Keyring keyring) {
        if (keyring == null) {
            return null;
        }
        List<byte[]> keys = keyring.keys();
        return Keyring.of(keys.get(0), keys.subList(1, keys.size()).toArray(byte[][]::new));
    }

    /** {@return host and port, as in a list of seeds} */
    public static String text(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        String host = ip instanceof Inet6Address ? "[" + ip.getHostAddress() + "]" : ip.getHostAddress();
        return host + ":" + address.getPort();
    }

    @Override
    public void start() {
        running = true;
        tellAudience();
        for (int i = 0; i < initial; i++) {
            startOne();
        }
    }

    @Override
    public void stop(Runnable callback) {
        endAll().whenComplete((done, failure) -> callback.run());
    }

    @Override
    public void stop() {
        endAll().join();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private synchronized CompletableFuture<?> endAll() {
        running = false;
        network.heal();
        network.lose(0);
        List<CompletableFuture<?>> ends = new ArrayList<>();
        for (Companion companion : List.copyOf(companions.values())) {
            companion.endpoint().resume();
            ends.add(end(companion));
        }
        companions.clear();
        return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    }
}
