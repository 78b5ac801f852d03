package io.memberlist.swim;

import static io.memberlist.testing.VirtualCluster.addressOf;
import static io.memberlist.testing.VirtualCluster.allSee;
import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import io.memberlist.config.CompressionAlgorithm;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Members that compress differently, or not at all, understand each other. */
class CompressionScenarioTest {
    private static final int COMPRESSED = 9;

    private final VirtualCluster cluster = new VirtualCluster(77);

    @AfterEach
    void nothingEscapedALoop() {
        assertThat(cluster.time().failures()).isEmpty();
    }

    @Test
    void oneWritesSnappyAnotherLzwAndAThirdNeither() {
        Set<Integer> fromSnappy = new HashSet<>();
        Set<Integer> fromLzw = new HashSet<>();
        Set<Integer> fromPlain = new HashSet<>();
        Memberlist snappy = start("snappy", true, CompressionAlgorithm.SNAPPY, fromSnappy);
        Memberlist lzw = start("lzw", true, CompressionAlgorithm.LZW, fromLzw);
        Memberlist plain = start("plain", false, CompressionAlgorithm.SNAPPY, fromPlain);
        List<Memberlist> members = List.of(snappy, lzw, plain);
        cluster.await(lzw.join(addressOf(snappy)));
        cluster.await(plain.join(addressOf(lzw)));
        cluster.runUntil("everybody sees everybody", () -> allSee(members, 3));

        byte[] long1 = "one and the same ".repeat(70).getBytes(StandardCharsets.UTF_8);
        byte[] long2 = "another one ".repeat(3000).getBytes(StandardCharsets.UTF_8);
        for (Memberlist from : members) {
            for (Memberlist to : members) {
                if (from != to) {
                    cluster.await(from.sendBestEffort(to.localMember(), long1));
                    cluster.await(from.sendReliable(to.localMember(), long2));
                }
            }
        }
        cluster.run(Duration.ofMinutes(2));

        for (Memberlist member : members) {
            String name = member.localMember().name();
            assertThat(received.stream().filter(it -> it.startsWith(name + ":")))
                    .as(name)
                    .containsExactlyInAnyOrder(
                            name + ":" + long1.length,
                            name + ":" + long1.length,
                            name + ":" + long2.length,
                            name + ":" + long2.length);
            assertThat(member.statistics().drops()).as(name).isEmpty();
        }
        assertThat(allSee(members, 3)).isTrue();
        assertThat(fromSnappy).containsExactly(1);
        assertThat(fromLzw).containsExactly(0);
        assertThat(fromPlain).isEmpty();
    }

    private final List<String> received = new ArrayList<>();

    /** Starts a member, and collects the algorithms of the packets that it sends. */
    private Memberlist start(String name, boolean enabled, CompressionAlgorithm algorithm, Set<Integer> algorithms) {
        TransportFactory tapped =
                bind -> cluster.network().open(bind).thenApply(transport -> tapped(transport, algorithms));
        return cluster.start(
                name,
                config -> config.compression(c -> c.enabled(enabled).algorithm(algorithm))
                        .delegates(d -> d.message(message -> received.add(name + ":" + message.length)))
                        .transportFactory(tapped));
    }

    private static Transport tapped(Transport transport, Set<Integer> algorithms) {
        return (Transport) Proxy.newProxyInstance(
                Transport.class.getClassLoader(), new Class<?>[] {Transport.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("sendPacket")) {
                        byte[] packet = (byte[]) arguments[1];
                        if (packet[0] == COMPRESSED) {
                            // a map of two, whose first key is Algo, and its number
                            algorithms.add((int) packet[7]);
                        }
                    }
                    try {
                        return method.invoke(transport, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
