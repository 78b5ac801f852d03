package io.memberlist.benchmarks.wire;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.Transport;
import io.memberlist.transport.virtual.VirtualNetwork;
import io.memberlist.transport.virtual.VirtualTime;
import io.memberlist.wire.Checksum;
import io.memberlist.wire.MessageCodec;
import io.memberlist.wire.PacketCodec;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A whole member in virtual time: from a packet to the table of members, and from the table to packets. A call does so
 * {@value #CALLS} times. Each starts with a new member, so that the table is as large in all of them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 40)
@Measurement(iterations = 40)
@Fork(3)
public class MemberBenchmark {
    /** How many packets arrive, or how many rounds of gossip pass, in one call. */
    public static final int CALLS = 100;

    private static final int PER_PACKET = 12;
    private static final Duration GOSSIP_INTERVAL = Duration.ofMillis(200);

    private final List<byte[]> known = packets(0);
    private final List<byte[]> unknown = packets(CALLS * PER_PACKET);
    private final InetSocketAddress peer = new InetSocketAddress("10.0.0.2", 7946);
    private VirtualTime time = new VirtualTime();
    private @Nullable Memberlist member;
    private @Nullable Transport transport;

    /** Starts a member that knows 1200 others, and is about to gossip them. */
    @Setup(Level.Iteration)
    public void prepare() {
        time = new VirtualTime();
        VirtualNetwork network = new VirtualNetwork(time, 1);
        network.delay(Duration.ZERO, Duration.ZERO);
        transport = await(network.open(peer));
        member = await(Memberlist.createAsync(MemberlistConfig.lan()
                .nodeName("measured")
                .network(n -> n.bindAddress("10.0.0.1"))
                .transportFactory(network)
                .build()));
        receive(known);
    }

    private <T> T await(CompletableFuture<T> future) {
        time.runUntil("the network is ready", Duration.ofSeconds(1), future::isDone);
        return future.join();
    }

    private static List<byte[]> packets(int firstMember) {
        PacketCodec codec = new PacketCodec(Samples.format("lzw"), nonce -> {});
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            int first = firstMember + i * PER_PACKET;
            packets.add(codec.encode(
                    IntStream.range(first, first + PER_PACKET)
                            .mapToObj(number -> MessageCodec.encode(Samples.alive(number)))
                            .toList(),
                    Checksum.NONE));
        }
        return packets;
    }

    private int receive(List<byte[]> packets) {
        Recipient to = Recipient.at(member().localMember().address());
        for (byte[] packet : packets) {
            Objects.requireNonNull(transport).sendPacket(to, packet, Completion.IGNORED);
            time.run(Duration.ZERO);
        }
        return member().members().size();
    }

    private Memberlist member() {
        return Objects.requireNonNull(member, "prepare() starts the member");
    }

    /** {@return the number of members after packets about members that are known} */
    @Benchmark
    public int knownMembers() {
        return receive(known);
    }

    /** {@return the number of members after packets about members that are not known yet} */
    @Benchmark
    public int newMembers() {
        return receive(unknown);
    }

    /** {@return the number of members after rounds of gossip, each of which sends three packets} */
    @Benchmark
    public int gossipRounds() {
        time.run(GOSSIP_INTERVAL.multipliedBy(CALLS));
        return member().members().size();
    }
}
