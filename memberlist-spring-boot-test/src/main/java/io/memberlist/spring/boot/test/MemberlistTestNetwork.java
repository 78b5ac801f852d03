package io.memberlist.spring.boot.test;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.transport.PortInUseException;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.test.context.support.TestPropertySourceUtils;

/**
 * A network in memory for members that run in real time. The test decides what the network loses. A member is found by its
 * port alone, whatever its address. A seed that is a host name, or a DNS name of any kind, stands for all members of the
 * network.
 *
 * <p>A test with {@link AutoConfigureMemberlist} has one as a bean. To put a further application on it, give it to the
 * application as an initializer: {@code new SpringApplicationBuilder(App.class).initializers(network)}. Members without
 * an application come from {@link #start}.
 *
 * <p>Safe from any thread. It uses one thread while there are members, none otherwise.
 */
public final class MemberlistTestNetwork
        implements TransportFactory, ApplicationContextInitializer<ConfigurableApplicationContext>, AutoCloseable {
    private static final int FIRST_PORT = 7946;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final NetworkThread wire = new NetworkThread();
    private final Map<Integer, MemoryTransport> transports = new ConcurrentHashMap<>();
    private final Set<Integer> failed = ConcurrentHashMap.newKeySet();
    private final Set<Set<Integer>> cuts = ConcurrentHashMap.newKeySet();
    private final List<ConfigurableApplicationContext> applications = new CopyOnWriteArrayList<>();
    private final List<Memberlist> started = new CopyOnWriteArrayList<>();

    /** Creates a network without members and without faults. */
    public MemberlistTestNetwork() {}

    /**
     * Puts an application's member on this network, with timings that let failures be noticed within about a second, and
     * lets it join whoever is there. What the test itself sets under {@code memberlist} stands; what the application's
     * own files set about addresses, seeds, timings, the transport and its TLS does not.
     */
    @Override
    public void initialize(ConfigurableApplicationContext context) {
        context.getBeanFactory().registerSingleton("memberlistTestNetwork", this);
        applications.removeIf(it -> !it.isActive());
        applications.add(context);
        MutablePropertySources sources = context.getEnvironment().getPropertySources();
        MapPropertySource properties = new MapPropertySource("memberlistTestNetwork", properties());
        String ofTheTest = TestPropertySourceUtils.INLINED_PROPERTIES_PROPERTY_SOURCE_NAME;
        String arguments = "commandLineArgs";
        if (sources.contains(ofTheTest)) {
            sources.addAfter(ofTheTest, properties);
        } else if (sources.contains(arguments)) {
            sources.addAfter(arguments, properties);
        } else {
            sources.addFirst(properties);
        }
    }

    private static Map<String, Object> properties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("memberlist.profile", "local");
        properties.put("memberlist.network.bind-address", "127.0.0.1");
        properties.put("memberlist.network.bind-port", "0");
        properties.put("memberlist.network.advertise-address", "127.0.0.1");
        properties.put("memberlist.network.advertise-port", "0");
        properties.put("memberlist.network.allowed-networks", "127.0.0.0/8");
        properties.put("memberlist.transport.type", "udp");
        properties.put("memberlist.ssl.bundle", "");
        properties.put("memberlist.join", "everybody.test");
        properties.put("memberlist.join-retry.initial-delay", "50ms");
        properties.put("memberlist.join-retry.max-delay", "200ms");
        properties.put("memberlist.leave-timeout", "500ms");
        properties.put("memberlist.probe.interval", "200ms");
        properties.put("memberlist.probe.timeout", "100ms");
        properties.put("memberlist.suspicion.multiplier", "3");
        properties.put("memberlist.suspicion.max-timeout-multiplier", "1");
        properties.put("memberlist.gossip.interval", "20ms");
        properties.put("memberlist.state-sync.interval", "1s");
        properties.put("memberlist.state-sync.reconnect-interval", "100ms");
        return properties;
    }

    /** As {@link #start(String, UnaryOperator)}, with the default configuration. */
    public Memberlist start(String name) {
        return start(name, config -> config);
    }

    /**
     * Starts a member without an application, with the timings of the others and the keys and label of the application
     * that is on the network, and joins it to whoever is there. It is closed by {@link #reset()} at the latest.
     *
     * @param name its name, which no other member may have
     * @param configure changes its configuration: tags, a keyring, delegates
     */
    public Memberlist start(String name, UnaryOperator<MemberlistConfigBuilder> configure) {
        MemberlistConfigBuilder config = MemberlistConfig.local()
                .nodeName(name)
                .network(n -> n.bindAddress("127.0.0.1").bindPort(0))
                .probe(p -> p.interval(Duration.ofMillis(200)).timeout(Duration.ofMillis(100)))
                .suspicion(s -> s.multiplier(3).maxTimeoutMultiplier(1))
                .gossip(g -> g.interval(Duration.ofMillis(20)))
                .stateSync(s -> s.interval(Duration.ofSeconds(1)).reconnectInterval(Duration.ofMillis(100)))
                .joinRetry(j -> j.initialDelay(Duration.ofMillis(50)).maxDelay(Duration.ofMillis(200)));
        applications.stream()
                .filter(ConfigurableApplicationContext::isActive)
                .findFirst()
                .map(application ->
                        application.getBeanProvider(Memberlist.class).getIfAvailable())
                .map(Memberlist::config)
                .ifPresent(
                        of -> config.encryption(e -> e.keyring(of.encryption().keyring()))
                                .network(n -> n.label(of.network().label())));
        Memberlist member =
                Memberlist.create(configure.apply(config).transportFactory(this).build());
        started.add(member);
        member.join("everybody.test")
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        return member;
    }

    /** Cuts the member off: nothing reaches it and nothing comes from it, as if its machine were gone. */
    public void fail(Memberlist member) {
        failed.add(port(member));
    }

    /** Cuts the connection between two members; others reach both. */
    public void cut(Memberlist one, Memberlist other) {
        cuts.add(Set.of(port(one), port(other)));
    }

    /** Splits the network: these reach only each other, and all others only each other. Members that come later reach all. */
    public void isolate(Memberlist... members) {
        Set<Integer> inside =
                Arrays.stream(members).map(MemberlistTestNetwork::port).collect(Collectors.toSet());
        for (Integer port : transports.keySet()) {
            if (!inside.contains(port)) {
                inside.forEach(it -> cuts.add(Set.of(it, port)));
            }
        }
    }

    /** Removes all faults: every member reaches every other again, also those that failed. */
    public void heal() {
        failed.clear();
        cuts.clear();
    }

    /** Removes all faults and closes the members that {@link #start} made; those of applications stay. */
    public void reset() {
        heal();
        List<Memberlist> all = List.copyOf(started);
        started.removeAll(all);
        for (Memberlist member : all) {
            member.leave(PATIENCE).exceptionally(slow -> null).join();
            member.close();
        }
    }

    /** As {@link #reset()}. */
    @Override
    public void close() {
        reset();
    }

    @Override
    public CompletableFuture<Transport> open(InetSocketAddress bind) {
        boolean any = bind.getPort() == 0;
        for (int port = any ? FIRST_PORT : bind.getPort(); port <= 65535; port++) {
            InetSocketAddress address = new InetSocketAddress(bind.getAddress(), port);
            MemoryTransport transport = new MemoryTransport(this, wire, address);
            if (transports.putIfAbsent(port, transport) == null) {
                return CompletableFuture.completedFuture(transport);
            }
            if (!any) {
                break;
            }
        }
        return CompletableFuture.failedFuture(new PortInUseException(
                "port " + bind.getPort() + " of the test's network is already in use: choose another, or 0", null));
    }

    @Nullable
    MemoryTransport at(InetSocketAddress address) {
        return transports.get(address.getPort());
    }

    List<InetSocketAddress> everybody() {
        return transports.values().stream().map(MemoryTransport::boundAddress).toList();
    }

    boolean passes(InetSocketAddress from, InetSocketAddress to) {
        int a = from.getPort();
        int b = to.getPort();
        return a == b || !failed.contains(a) && !failed.contains(b) && !cuts.contains(Set.of(a, b));
    }

    void remove(MemoryTransport transport) {
        transports.remove(transport.boundAddress().getPort(), transport);
    }

    private static int port(Memberlist member) {
        return member.localMember().address().getPort();
    }
}
