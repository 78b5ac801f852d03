package io.memberlist.testing;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.transport.virtual.VirtualTime;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Members of the real engine in virtual time, through the public API. */
public final class VirtualCluster {
    private static final Duration CALLBACKS_RUN = Duration.ofMillis(1);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final VirtualTime time = new VirtualTime();
    private final UnaryOperator<MemberlistConfigBuilder> common;
    private final NamedNetwork network;
    private final Map<String, Memberlist> members = new LinkedHashMap<>();
    private int nextHost = 1;

    public VirtualCluster(long seed) {
        this(seed, config -> config);
    }

    /** @param common settings of every member, which those of one may change */
    public VirtualCluster(long seed, UnaryOperator<MemberlistConfigBuilder> common) {
        this.common = common;
        network = new NamedNetwork(time, seed);
    }

    public VirtualTime time() {
        return time;
    }

    public NamedNetwork network() {
        return network;
    }

    /** Starts a member on its own host, with the LAN preset. */
    public Memberlist start(String name) {
        return start(name, config -> config);
    }

    /** Starts a member on its own host, unless the configuration has an address. */
    public Memberlist start(String name, UnaryOperator<MemberlistConfigBuilder> configure) {
        String host = "10.0." + nextHost / 250 + "." + (nextHost % 250 + 1);
        nextHost++;
        MemberlistConfig config = configure
                .apply(common.apply(
                        MemberlistConfig.lan().network(n -> n.bindAddress(host)).transportFactory(network)))
                .nodeName(name)
                .build();
        Memberlist member = await(Memberlist.createAsync(config));
        members.put(name, member);
        return member;
    }

    /** Starts members that all join the first. */
    public List<Memberlist> startJoined(int count, UnaryOperator<MemberlistConfigBuilder> configure) {
        List<Memberlist> started = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Memberlist member = start("node-" + i, configure);
            if (i > 0) {
                await(member.join(addressOf(started.get(0))));
            }
            started.add(member);
        }
        runUntil("everybody sees everybody", () -> allSee(started, count));
        run(CALLBACKS_RUN);
        return started;
    }

    /** {@return the result of a future; virtual time passes until it is complete} */
    public <T> T await(CompletableFuture<T> future) {
        time.runUntil("a future completes", PATIENCE, future::isDone);
        return future.join();
    }

    public Duration runUntil(String what, BooleanSupplier condition) {
        Duration took = time.runUntil(what, PATIENCE, condition);
        // The notification of the application follows directly after the visible change.
        run(CALLBACKS_RUN);
        return took;
    }

    public void run(Duration duration) {
        time.run(duration);
    }

    /** Crashes the process of a member. */
    public void crash(Memberlist member) {
        network.crash(socketAddressOf(member));
        members.values().remove(member);
    }

    /** Cuts a member off: everything from and to it is lost. */
    public void isolate(Memberlist member) {
        InetSocketAddress address = socketAddressOf(member);
        network.cut((from, to) -> from.equals(address) || to.equals(address));
    }

    public static String addressOf(Memberlist member) {
        InetSocketAddress address = socketAddressOf(member);
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private static InetSocketAddress socketAddressOf(Memberlist member) {
        return member.localMember().address();
    }

    /** {@return whether each of them sees this number of live members} */
    public static boolean allSee(List<Memberlist> observers, int live) {
        return observers.stream().allMatch(observer -> observer.numMembers() == live);
    }

    /** {@return the state of a member for an observer; null if it does not know the member} */
    public static @Nullable MemberState stateOf(Memberlist observer, String name) {
        return observer.member(name).map(Member::state).orElse(null);
    }
}
