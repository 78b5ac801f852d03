package io.memberlist.swim;

import io.memberlist.Memberlist;
import io.memberlist.testing.VirtualCluster;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.Stream;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportListener;
import io.memberlist.wire.Checksum;
import io.memberlist.wire.Compression;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.IndirectPing;
import io.memberlist.wire.Message.Nack;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.MessageCodec;
import io.memberlist.wire.PacketCodec;
import io.memberlist.wire.StreamCodec;
import io.memberlist.wire.StreamDecoder;
import io.memberlist.wire.WireException;
import io.memberlist.wire.WireFormat;
import io.memberlist.wire.WireLimits;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A peer that sends only what a test tells it to, and records everything that it receives. */
final class ScriptedPeer implements TransportListener {
    private static final WireFormat PLAIN = WireFormat.plain(Compression.NONE, WireLimits.DEFAULT);

    final List<Message> heard = new ArrayList<>();
    final List<byte[]> packets = new ArrayList<>();
    private final VirtualCluster cluster;
    private final InetSocketAddress address;
    private final Transport transport;
    private final PacketCodec codec = new PacketCodec(PLAIN, nonce -> {});
    private boolean acks;
    private boolean nacks;
    int streams;

    ScriptedPeer(VirtualCluster cluster, String host) {
        this.cluster = cluster;
        this.address = new InetSocketAddress(host, 7946);
        this.transport = cluster.await(cluster.network().open(address));
        transport.start(this);
    }

    /** {@return a state of so many members that do not exist} */
    static PushPull ghosts(int count) {
        byte[] versions = {1, 5, 2, 0, 0, 0};
        List<PushPullNode> ghosts = IntStream.range(0, count)
                .mapToObj(i -> new PushPullNode(
                        "ghost-" + i, new byte[] {10, 7, (byte) (i >> 8), (byte) i}, 7946, new byte[0], 1, 0, versions))
                .toList();
        return new PushPull(false, ghosts, new byte[0]);
    }

    ScriptedPeer answeringPings() {
        acks = true;
        return this;
    }

    ScriptedPeer answeringIndirectPingsWithNacks() {
        nacks = true;
        return this;
    }

    InetSocketAddress address() {
        return address;
    }

    Alive alive(String name, long incarnation, int... versions) {
        byte[] bytes = new byte[versions.length];
        for (int i = 0; i < versions.length; i++) {
            bytes[i] = (byte) versions[i];
        }
        return new Alive(incarnation, name, address.getAddress().getAddress(), address.getPort(), new byte[0], bytes);
    }

    /** Sends messages in one packet, and waits for its arrival. */
    void send(Memberlist to, Message... messages) {
        send(to, packet(messages));
    }

    /** {@return one packet of messages} */
    byte[] packet(Message... messages) {
        return codec.encode(Arrays.stream(messages).map(MessageCodec::encode).toList(), Checksum.NONE);
    }

    void send(Memberlist to, byte[] packet) {
        transport.sendPacket(Recipient.at(to.localMember().address()), packet, Completion.IGNORED);
        cluster.run(Duration.ofMillis(20));
    }

    /** Sends the same message so many times at once, and waits for its arrival. */
    void flood(Memberlist to, int times, Message message) {
        byte[] packet = codec.encode(List.of(MessageCodec.encode(message)), Checksum.NONE);
        for (int i = 0; i < times; i++) {
            transport.sendPacket(Recipient.at(to.localMember().address()), packet, Completion.IGNORED);
        }
        cluster.run(Duration.ofMillis(20));
    }

    /** Sends a message over a stream and waits for the answer, null if the stream ends without one. */
    @Nullable
    Message ask(Memberlist member, Message request) {
        StreamCodec streamCodec = new StreamCodec(PLAIN, nonce -> {});
        StreamDecoder answer = streamCodec.answerDecoder();
        boolean[] whole = new boolean[2];
        transport.openStream(
                Recipient.at(member.localMember().address()),
                Duration.ofSeconds(5).toNanos(),
                new StreamHandler() {
                    @Override
                    public void opened(Stream stream) {
                        stream.send(streamCodec.encodeRequest(request), Completion.IGNORED);
                    }

                    @Override
                    public void received(byte[] bytes) {
                        try {
                            whole[0] = answer.feed(bytes);
                        } catch (WireException e) {
                            throw new AssertionError(e);
                        }
                    }

                    @Override
                    public void closed(@Nullable Throwable failure) {
                        whole[1] = true;
                    }
                });
        cluster.runUntil("the stream ends", () -> whole[0] || whole[1]);
        try {
            return whole[0] ? answer.decode() : null;
        } catch (WireException e) {
            throw new AssertionError(e);
        }
    }

    <T extends Message> List<T> heard(Class<T> type) {
        return heard.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void packetReceived(InetSocketAddress from, byte[] packet, long receivedNanos) {
        packets.add(packet);
        try {
            for (Message message : codec.decode(packet, fault -> {
                throw new AssertionError(fault);
            })) {
                heard.add(message);
                if (acks && message instanceof Ping ping) {
                    answer(from, new Ack(ping.sequence(), new byte[0]));
                }
                if (nacks && message instanceof IndirectPing ping && ping.nack()) {
                    answer(from, new Nack(ping.sequence()));
                }
            }
        } catch (WireException e) {
            throw new AssertionError(e);
        }
    }

    private void answer(InetSocketAddress to, Message message) {
        transport.sendPacket(Recipient.at(to), MessageCodec.encode(message), Completion.IGNORED);
    }

    @Override
    public StreamHandler streamAccepted(InetSocketAddress from) {
        streams++;
        return new StreamHandler() {
            @Override
            public void opened(Stream stream) {
                stream.close();
            }

            @Override
            public void received(byte[] bytes) {}

            @Override
            public void closed(@Nullable Throwable failure) {}
        };
    }
}
