package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.Delivery;
import io.memberlist.messaging.message.MessageKind;
import io.memberlist.simulator.fuzz.check.Observation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Sends cluster messages: mostly small broadcasts, some in bursts, some large, some to one member. */
final class ClusterMessageWorkload {
    private static final int SMALL = 200;
    private static final int MOST_AT_ONCE = 40;
    private static final int ABOVE_A_PACKET = 4000;
    private static final int LARGE_LEAST = 70_000;
    private static final int LARGE_MOST = 200_000;
    private static final int NEAR = 3;

    private final SimulatedCluster cluster;
    private long serial;

    ClusterMessageWorkload(SimulatedCluster cluster) {
        this.cluster = cluster;
    }

    void act(Node node, RandomGenerator own) {
        Memberlist member = node.process().member();
        if (member == null || !node.takesPart()) {
            return;
        }
        cluster.count(Fault.CLUSTER_MESSAGES);
        Sender sender = new Sender(node, member, own);
        int what = own.nextInt(100);
        if (what < 50) {
            sender.broadcast(own.nextInt(SMALL));
        } else if (what < 62) {
            String topic = sender.topic();
            for (int i = own.nextInt(2, MOST_AT_ONCE); i > 0; i--) {
                sender.broadcast(topic, own.nextInt(SMALL));
            }
        } else if (what < 70) {
            String topic = sender.topic();
            int limit = ClusterMessaging.of(member).maxPacketPayload(topic) - Long.BYTES;
            sender.broadcast(topic, limit + own.nextInt(-NEAR, NEAR + 1));
        } else if (what < 79) {
            sender.broadcast(own.nextInt(SMALL, ABOVE_A_PACKET));
        } else if (what < 80) {
            sender.broadcast(own.nextInt(LARGE_LEAST, LARGE_MOST));
        } else if (what < 87) {
            sender.send(Delivery.BEST_EFFORT, own.nextInt(SMALL));
        } else if (what < 93) {
            sender.send(Delivery.RELIABLE, own.nextInt(own.nextInt(10) == 0 ? LARGE_MOST : ABOVE_A_PACKET));
        } else {
            sender.request(own.nextInt(SMALL));
        }
    }

    /** Broadcasts many small messages at once. */
    void burst(Node node, RandomGenerator own, int size) {
        Memberlist member = node.process().member();
        if (member == null || !node.takesPart() || !cluster.sendsClusterMessages()) {
            return;
        }
        cluster.count(Fault.BURST);
        Sender sender = new Sender(node, member, own);
        for (int i = 0; i < size; i++) {
            sender.broadcast(ClusterMessageHandlers.BURSTS, own.nextInt(SMALL));
        }
    }

    /** The sending process of one step. */
    private final class Sender {
        private final String process;
        private final Memberlist member;
        private final ClusterMessaging messaging;
        private final RandomGenerator own;

        Sender(Node node, Memberlist member, RandomGenerator own) {
            this.process = node.process().id();
            this.member = member;
            this.messaging = ClusterMessaging.of(member);
            this.own = own;
        }

        String topic() {
            return ClusterMessageHandlers.TOPICS[own.nextInt(ClusterMessageHandlers.TOPICS.length)];
        }

        void broadcast(int length) {
            broadcast(topic(), length);
        }

        void broadcast(String topic, int length) {
            Observation.ClusterMessageSent posted = posted(MessageKind.BROADCAST, topic, length, "");
            done(posted, messaging.broadcast(topic, posted.payload(), posted.headers()));
        }

        void send(Delivery delivery, int length) {
            Member to = somebody();
            Observation.ClusterMessageSent posted = posted(MessageKind.DIRECT, topic(), length, to.name());
            done(posted, messaging.send(to, posted.topic(), posted.payload(), delivery, posted.headers()));
        }

        void request(int length) {
            Member to = somebody();
            Duration timeout = Duration.ofMillis(own.nextInt(50, 8000));
            Observation.ClusterMessageSent posted =
                    posted(MessageKind.REQUEST, ClusterMessageHandlers.ASKED, length, to.name());
            done(posted, messaging.request(to, posted.topic(), posted.payload(), timeout, posted.headers()));
        }

        /** {@return a random member, which may be the sender itself} */
        private Member somebody() {
            List<Member> all = member.members().stream()
                    .sorted(Comparator.comparing(Member::name))
                    .toList();
            return all.isEmpty() ? member.localMember() : all.get(own.nextInt(all.size()));
        }

        private Observation.ClusterMessageSent posted(MessageKind kind, String topic, int length, String to) {
            byte[] payload = new byte[Long.BYTES + 1 + Math.max(0, length - 1)];
            own.nextBytes(payload);
            ByteBuffer.wrap(payload).putLong(serial++);
            Map<String, String> headers = own.nextInt(4) == 0 ? Map.of("trace", "id-" + serial) : Map.of();
            Observation.ClusterMessageSent posted = new Observation.ClusterMessageSent(
                    process, cluster.time.nanos(), kind, topic, headers, payload, to);
            cluster.observe(posted);
            return posted;
        }

        private void done(Observation.ClusterMessageSent posted, CompletableFuture<?> future) {
            future.whenComplete((result, failure) -> cluster.observe(
                    new Observation.ClusterMessageCompleted(process, posted.serial(), failure, answer(result))));
        }

        private static @Nullable ClusterMessage answer(@Nullable Object result) {
            return result instanceof ClusterMessage message ? message : null;
        }
    }
}
