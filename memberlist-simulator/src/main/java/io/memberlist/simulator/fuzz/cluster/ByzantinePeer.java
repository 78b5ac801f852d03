package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.Memberlist;
import io.memberlist.SimulatorAccess;
import io.memberlist.member.Member;
import io.memberlist.simulator.fuzz.check.Observation;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportListener;
import io.memberlist.wire.Checksum;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.Suspect;
import io.memberlist.wire.MessageCodec;
import io.memberlist.wire.PacketCodec;
import io.memberlist.wire.StreamCodec;
import io.memberlist.wire.WireFormat;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A peer that is no member. It sends bytes without meaning, or has the key and forges updates about members, or has it and
 * {@linkplain Attacks makes members work}. Forged
 * incarnations stay within a few thousand of the true one: nobody can refute an update at the largest incarnation, in
 * any implementation of this protocol.
 */
final class ByzantinePeer {
    private static final int SENDS_GARBAGE = 20_024;
    private static final int LIES = 20_025;
    private static final int ATTACKS = 20_026;

    private final SimulatedCluster cluster;
    private final Fault kind;
    private final Transport transport;
    private final Attacks attacks;

    ByzantinePeer(SimulatedCluster cluster, Fault kind) {
        this.cluster = cluster;
        this.kind = kind;
        this.transport =
                cluster.network.open(SimulatedCluster.address(address(kind), 0)).join();
        this.attacks = new Attacks(cluster, transport, this::say);
        transport.start(new TransportListener() {
            @Override
            public void packetReceived(InetSocketAddress from, byte[] packet, long receivedNanos) {}

            @Override
            public StreamHandler streamAccepted(InetSocketAddress from) {
                return new OpenOnly(Stream::close);
            }
        });
    }

    private static int address(Fault kind) {
        return switch (kind) {
            case GARBAGE -> SENDS_GARBAGE;
            case LIES -> LIES;
            default -> ATTACKS;
        };
    }

    void act(Node node, RandomGenerator own) {
        Memberlist member = node.process().member();
        if (member != null) {
            cluster.count(kind);
            switch (kind) {
                case GARBAGE -> garbage(node.address(), own);
                case LIES -> say(node.address(), member, lie(member, own), own);
                default -> attacks.act(node, member, own);
            }
        }
    }

    private void garbage(InetSocketAddress to, RandomGenerator own) {
        byte[] bytes = new byte[own.nextInt(own.nextBoolean() ? 40 : 1400)];
        own.nextBytes(bytes);
        if (bytes.length > 0 && own.nextBoolean()) {
            // A known message type, followed by random bytes.
            bytes[0] = (byte) own.nextInt(15);
        }
        if (own.nextBoolean()) {
            transport.sendPacket(Recipient.at(to), bytes, Completion.IGNORED);
        } else {
            stream(to, bytes);
        }
    }

    private void say(InetSocketAddress to, Memberlist member, Message lie, RandomGenerator own) {
        if (!(lie instanceof Ping)) {
            cluster.observe(new Observation.Lie(to, lie));
        }
        WireFormat format = SimulatorAccess.wireFormat(member.config());
        if (lie instanceof PushPull) {
            stream(to, new StreamCodec(format, own::nextBytes).encodeRequest(lie));
        } else {
            byte[] packet = new PacketCodec(format, own::nextBytes)
                    .encode(List.of(MessageCodec.encode(lie)), own.nextBoolean() ? Checksum.CRC32 : Checksum.NONE);
            transport.sendPacket(Recipient.at(to), packet, Completion.IGNORED);
        }
    }

    private Message lie(Memberlist member, RandomGenerator own) {
        Node victim = cluster.nodes.get(own.nextInt(cluster.scenario.nodes()));
        String name = own.nextInt(4) == 0 ? "ghost-" + own.nextInt(SimulatedCluster.GHOSTS) : victim.name;
        long known = member.member(name).map(Member::incarnation).orElse(1L);
        long incarnation = Math.max(0, known + own.nextInt(-2, 4) * (own.nextInt(8) == 0 ? 1000L : 1L));
        String from = cluster.nodes.get(own.nextInt(cluster.scenario.nodes())).name;
        return switch (own.nextInt(5)) {
            case 0 -> new Suspect(incarnation, name, from);
            case 1 -> new Dead(incarnation, name, from);
            case 2 -> new Dead(incarnation, name, name);
            case 3 -> {
                PushPullNode entry = entry(name, victim, incarnation, own);
                yield new Alive(incarnation, name, entry.address(), entry.port(), entry.meta(), entry.versions());
            }
            default -> new PushPull(own.nextBoolean(), List.of(entry(name, victim, incarnation, own)), new byte[0]);
        };
    }

    private PushPullNode entry(String name, Node victim, long incarnation, RandomGenerator own) {
        InetSocketAddress address = own.nextInt(3) == 0 ? transport.boundAddress() : victim.address();
        byte[] meta = new byte[own.nextInt(20)];
        own.nextBytes(meta);
        return new PushPullNode(
                name,
                address.getAddress().getAddress(),
                address.getPort(),
                meta,
                incarnation,
                own.nextInt(4),
                new byte[] {1, 5, 5, 0, 0, 0});
    }

    private void stream(InetSocketAddress to, byte[] bytes) {
        StreamHandler handler = new OpenOnly(stream -> {
            stream.send(bytes, Completion.IGNORED);
            cluster.time.schedule(Duration.ofSeconds(5).toNanos(), stream::close);
        });
        transport.openStream(Recipient.at(to), Duration.ofSeconds(10).toNanos(), handler);
    }

    /** Uses a stream when it opens, and ignores all that it brings. */
    private record OpenOnly(Consumer<Stream> use) implements StreamHandler {
        @Override
        public void opened(Stream stream) {
            use.accept(stream);
        }

        @Override
        public void received(byte[] bytes) {}

        @Override
        public void closed(@Nullable Throwable failure) {}
    }
}
