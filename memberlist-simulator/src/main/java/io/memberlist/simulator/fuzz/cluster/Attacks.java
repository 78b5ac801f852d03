package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.Transport;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.Message.PushPullNode;
import io.memberlist.wire.Message.Source;
import io.memberlist.wire.Message.Suspect;
import io.memberlist.wire.Message.UserMessage;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** What a Byzantine peer sends to make members work, or to keep them from working, and what it recorded and sends again. */
final class Attacks {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    /** In a second. */
    private static final int PINGS = 500;

    private static final int DRAIN_SECONDS = 90;
    private static final int FETCHES = 20;
    private static final int RECORDED = 256;
    private static final int REPLAYED = 8;
    private static final int TOO_LONG = 600;
    private static final int MOST_VERSIONS = 2000;
    private static final byte[] VERSIONS = {1, 5, 2, 0, 0, 0};
    /** A version above the highest, none of its own range, and an empty range. */
    private static final byte[][] BAD_VERSIONS = {{6, 9, 7, 0, 0, 0}, {1, 5, 9, 0, 0, 0}, {5, 1, 3, 0, 0, 0}};

    /** What questions about cluster messages begin with. */
    private static final byte[] MAGIC = {(byte) 0xf5, 'm', 'l', 'c', 'm'};

    private static final byte ENVELOPE_VERSION = 1;
    private static final byte DIGEST = 6;
    private static final byte FETCH = 7;
    private static final int REPLY_WANTED = 1;
    private static final int TAKES_BUNDLES = 4;

    private final SimulatedCluster cluster;
    private final Transport transport;
    private final Sender sender;
    private final List<Recording> recorded = new ArrayList<>();
    private int recordings;
    private boolean records;
    private long drainedUntil;

    private record Recording(InetSocketAddress to, byte[] packet) {}

    /** Sends a forged message, as the member reads it. */
    @FunctionalInterface
    interface Sender {
        void send(InetSocketAddress to, Memberlist member, Message message, RandomGenerator own);
    }

    Attacks(SimulatedCluster cluster, Transport transport, Sender sender) {
        this.cluster = cluster;
        this.transport = transport;
        this.sender = sender;
    }

    void act(Node node, Memberlist member, RandomGenerator own) {
        if (!records) {
            records = true;
            cluster.networkFaults.addObserver((from, to, packet, arrivals) -> record(from, to, packet));
        }
        switch (own.nextInt(6)) {
            case 0 -> versions(node, member, own);
            case 1 -> collisions(node, member, own);
            case 2 -> fields(node, member, own);
            case 3 -> fetches(node, member, own);
            case 4 -> drain(node, own);
            default -> replay(own);
        }
    }

    /** Keeps the latest packets, each in the place of an old one. */
    private void record(InetSocketAddress from, InetSocketAddress to, byte[] packet) {
        if (from.equals(transport.boundAddress())) {
            return;
        }
        Recording recording = new Recording(to, packet);
        if (recorded.size() < RECORDED) {
            recorded.add(recording);
        } else if (recordings % 7 == 0) {
            // Old ones remain, too: a step that shares no divisor with the number of places comes to each only in the
            // end.
            recorded.set(recordings / 7 * 101 % RECORDED, recording);
        }
        recordings++;
    }

    private void replay(RandomGenerator own) {
        for (int i = 0; i < REPLAYED && !recorded.isEmpty(); i++) {
            Recording recording = recorded.get(own.nextInt(recorded.size()));
            transport.sendPacket(Recipient.at(recording.to()), recording.packet(), Completion.IGNORED);
        }
    }

    /** A member that nobody could speak with, were it believed. */
    private void versions(Node node, Memberlist member, RandomGenerator own) {
        byte[] versions = BAD_VERSIONS[own.nextInt(BAD_VERSIONS.length)];
        PushPullNode entry = own.nextBoolean() ? real(member, own, versions) : ghost(own, versions);
        say(node, member, own, entry);
    }

    /** Members that do not exist, whose addresses have one hash: it is the sum of the address and the port. */
    private void collisions(Node node, Memberlist member, RandomGenerator own) {
        for (int i = 0; i < SimulatedCluster.GHOSTS; i++) {
            int port = 1000 + i;
            int host = 0x0afe_ffff - port;
            byte[] address = {(byte) (host >> 24), (byte) (host >> 16), (byte) (host >> 8), (byte) host};
            say(node, member, own, new PushPullNode(ghostName(i), address, port, new byte[0], 1, 0, VERSIONS));
        }
    }

    /** Names, metadata, addresses and versions that are far too long, beside entries that are fine. */
    private void fields(Node node, Memberlist member, RandomGenerator own) {
        byte[] endless = new byte[TOO_LONG];
        PushPullNode fine = real(member, own, VERSIONS);
        List<PushPullNode> entries = List.of(
                new PushPullNode("x".repeat(TOO_LONG), fine.address(), fine.port(), new byte[0], 1, 0, VERSIONS),
                new PushPullNode(
                        fine.name(), fine.address(), fine.port(), endless, fine.incarnation() + 1, 0, VERSIONS),
                new PushPullNode(fine.name(), endless, fine.port(), new byte[0], fine.incarnation() + 1, 0, VERSIONS),
                ghost(own, new byte[own.nextInt(MOST_VERSIONS)]));
        if (own.nextBoolean()) {
            sender.send(node.address(), member, new PushPull(own.nextBoolean(), entries, new byte[0]), own);
        } else {
            entries.forEach(entry -> sender.send(node.address(), member, entry.toAlive(), own));
        }
    }

    /** Questions in the name of another node, for much that it may have missed. */
    private void fetches(Node node, Memberlist member, RandomGenerator own) {
        if (!cluster.sendsClusterMessages()) {
            return;
        }
        byte[] question = question(anyKind(own), anyNode(own).name, own, node.name);
        for (int i = 0; i < FETCHES; i++) {
            sender.send(node.address(), member, new UserMessage(question), own);
        }
    }

    private static byte anyKind(RandomGenerator own) {
        return own.nextBoolean() ? FETCH : DIGEST;
    }

    /** {@return a digest or fetch as docs/messaging.md describes it, of up to 1000 broadcasts of one origin} */
    private static byte[] question(byte kind, String sender, RandomGenerator own, String origin) {
        long instance = own.nextLong();
        byte flags = (byte) (own.nextBoolean() ? REPLY_WANTED | TAKES_BUNDLES : TAKES_BUNDLES);
        ByteBuffer out = ByteBuffer.allocate(
                MAGIC.length + 3 + 2 * (2 + Long.BYTES) + sender.length() + origin.length() + 2 + 1 + 2 * Long.BYTES);
        out.put(MAGIC).put(ENVELOPE_VERSION).put(kind).put(flags);
        put(out, sender, instance);
        out.putShort((short) 1);
        put(out, origin, own.nextLong());
        return out.put((byte) 1).putLong(1).putLong(1 + own.nextInt(1000)).array();
    }

    private static void put(ByteBuffer out, String name, long instance) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        out.putShort((short) bytes.length).put(bytes).putLong(instance);
    }

    /**
     * Accuses a node every second, and pings it so often for some time that gossip beside the answers would reach nobody else.
     * Only one at a time: it is hundreds of packets a second.
     */
    private void drain(Node node, RandomGenerator own) {
        if (drainedUntil > cluster.time.nanos()) {
            return;
        }
        long end = cluster.time.nanos() + own.nextInt(5, DRAIN_SECONDS) * SECOND;
        drainedUntil = end;
        accuse(node, own, end);
        ping(node, own, end);
    }

    private void accuse(Node node, RandomGenerator own, long end) {
        Memberlist accused = node.process().member();
        if (accused == null || isOver(end)) {
            return;
        }
        long incarnation = accused.localMember().incarnation();
        for (Node other : cluster.nodes) {
            Memberlist observer = other.process().member();
            if (observer != null) {
                Suspect suspicion = new Suspect(incarnation, node.name, anyNode(own).name);
                sender.send(other.address(), observer, suspicion, own);
            }
        }
        cluster.time.schedule(SECOND, () -> accuse(node, own, end));
    }

    private void ping(Node node, RandomGenerator own, long end) {
        Memberlist accused = node.process().member();
        if (accused == null || isOver(end)) {
            return;
        }
        InetSocketAddress here = transport.boundAddress();
        Source source = new Source(here.getAddress().getAddress(), here.getPort(), "liar");
        sender.send(node.address(), accused, new Ping(1, node.name, source), own);
        cluster.time.schedule(SECOND / PINGS, () -> ping(node, own, end));
    }

    private boolean isOver(long end) {
        return cluster.ended() || cluster.time.nanos() > end;
    }

    private void say(Node node, Memberlist member, RandomGenerator own, PushPullNode entry) {
        Alive alive = entry.toAlive();
        Message message = own.nextInt(3) == 0 ? new PushPull(own.nextBoolean(), List.of(entry), new byte[0]) : alive;
        sender.send(node.address(), member, message, own);
    }

    private Node anyNode(RandomGenerator own) {
        return cluster.nodes.get(own.nextInt(cluster.scenario.nodes()));
    }

    /** {@return a node as it is, but for the versions, at an incarnation that is new} */
    private PushPullNode real(Memberlist member, RandomGenerator own, byte[] versions) {
        Node node = anyNode(own);
        long known = member.member(node.name).map(Member::incarnation).orElse(1L);
        InetSocketAddress address = node.address();
        return new PushPullNode(
                node.name,
                address.getAddress().getAddress(),
                address.getPort(),
                new byte[0],
                known + 1,
                own.nextInt(4),
                versions);
    }

    private PushPullNode ghost(RandomGenerator own, byte[] versions) {
        byte[] address = transport.boundAddress().getAddress().getAddress();
        return new PushPullNode(
                ghostName(own.nextInt(SimulatedCluster.GHOSTS)),
                address,
                transport.boundAddress().getPort(),
                new byte[0],
                1,
                0,
                versions);
    }

    private static String ghostName(int number) {
        return "ghost-" + number;
    }
}
