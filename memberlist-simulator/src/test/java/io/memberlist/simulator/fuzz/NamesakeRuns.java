package io.memberlist.simulator.fuzz;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.Member;
import io.memberlist.simulator.scale.Output;
import io.memberlist.transport.virtual.VirtualNetwork;
import io.memberlist.transport.virtual.VirtualTime;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/**
 * Cuts a member off while another process claims its name, and returns which processes the others know under the name in the
 * end, if they do not agree. It is public, since tests load it again with a broken engine.
 */
public final class NamesakeRuns implements LongFunction<Map<String, String>> {
    private static final int PORT = 7946;

    /** @param faults none but the cut */
    public NamesakeRuns(String faults) {
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("there is one fault only, not " + faults);
        }
        Output.silenceTheEngine();
    }

    @Override
    public Map<String, String> apply(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        VirtualTime time = new VirtualTime();
        VirtualNetwork network = new VirtualNetwork(time, seed);
        List<Memberlist> others = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            others.add(started(time, network, "node-" + i, i));
            if (i > 1) {
                others.get(i - 1).join(List.of("10.0.0.1:" + PORT));
            }
        }
        time.run(Duration.ofSeconds(30));
        InetSocketAddress cutOff = others.remove(1).localMember().address();
        network.cut((from, to) -> from.equals(cutOff) || to.equals(cutOff));
        started(time, network, "node-2", 9).join(List.of("10.0.0.1:" + PORT));
        time.run(Duration.ofMillis(random.nextLong(8_000, 14_000)));
        network.heal();
        time.run(Duration.ofMinutes(2));
        Map<String, Optional<InetSocketAddress>> known = others.stream()
                .collect(Collectors.toMap(
                        other -> other.localMember().name(),
                        other -> other.member("node-2").map(Member::address)));
        return known.values().stream().distinct().count() == 1
                ? Map.of()
                : Map.of("OneHolderOfAName", known.toString());
    }

    private static Memberlist started(VirtualTime time, VirtualNetwork network, String name, int host) {
        CompletableFuture<Memberlist> started = Memberlist.createAsync(MemberlistConfig.lan()
                .nodeName(name)
                .network(n -> n.bindAddress("10.0.0." + host).bindPort(PORT))
                .transportFactory(network)
                .build());
        time.runUntil("it has started", Duration.ofSeconds(1), started::isDone);
        return started.join();
    }
}
