package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.messaging.message.ClusterMessage;
import io.memberlist.messaging.message.Subscription;
import io.memberlist.simulator.fuzz.check.ClusterMessageIntegrity;
import io.memberlist.simulator.fuzz.check.Observation;
import io.memberlist.transport.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * The handlers of cluster messages in one process. One handler keeps up and records every message; others hang or
 * throw. The responder answers at once, late, never, or with a failure.
 */
final class ClusterMessageHandlers {
    static final String[] TOPICS = {"alpha", "beta", "gamma"};
    static final String ASKED = "ask";
    /** The topic of bursts, whose only handler is the one that records. */
    static final String BURSTS = "bursts";

    private static final long LONGEST_BATCH = Duration.ofMillis(20).toNanos();

    private static final long LATEST_ANSWER = Duration.ofSeconds(6).toNanos();

    private final SimulatedCluster cluster;
    private final String process;
    private final ClusterMessaging messaging;
    private final EventLoop loop;
    private final BooleanSupplier lives;
    private final Subscription all;

    /** @param lives whether the process still runs: a message on its way to a handler does not outlive it */
    ClusterMessageHandlers(
            SimulatedCluster cluster,
            String process,
            ClusterMessaging messaging,
            EventLoop loop,
            BooleanSupplier lives) {
        this.cluster = cluster;
        this.process = process;
        this.messaging = messaging;
        this.loop = loop;
        this.lives = lives;
        RandomGenerator random = cluster.scenario.source("mailbox " + process);
        if (random.nextInt(3) == 0) {
            messaging.subscribe(TOPICS[0], message -> {}, task -> {});
        }
        if (random.nextInt(3) == 0) {
            messaging.subscribe(TOPICS[1], message -> {
                throw new IllegalStateException("a handler that throws");
            });
        }
        if (cluster.scenario.faults().contains(Fault.BURST)) {
            // Some tens of messages are handled, then a pause follows.
            long pause = 1 + random.nextLong(LONGEST_BATCH);
            all = messaging.subscribeAll(this::note, batch -> loop.schedule(pause, batch));
        } else {
            all = messaging.subscribeAll(this::note);
        }
        if (random.nextInt(4) > 0) {
            messaging.respond(ASKED, this::answer);
        }
    }

    /** {@return how many messages were dropped because too many waited} */
    long dropped() {
        return all.dropped();
    }

    /** {@return how many broadcasts the member says that it missed for good} */
    long missed() {
        return messaging.statistics().drops().getOrDefault("missed", 0L);
    }

    private void note(ClusterMessage message) {
        if (lives.getAsBoolean()) {
            cluster.observe(new Observation.ClusterMessageDelivered(process, cluster.time.nanos(), message, dropped()));
        }
    }

    private CompletableFuture<byte[]> answer(ClusterMessage request) {
        note(request);
        byte[] question = request.payload();
        byte[] answer = ClusterMessageIntegrity.answerTo(question);
        CompletableFuture<byte[]> later = new CompletableFuture<>();
        int how = question[question.length - 1] & 0xff;
        if (how < 128) {
            later.complete(answer);
        } else if (how < 192) {
            loop.schedule(LATEST_ANSWER * (how - 128) / 64, () -> later.complete(answer));
        } else if (how < 224) {
            later.completeExceptionally(new IllegalArgumentException("no answer to this"));
        } else if (how < 240) {
            throw new IllegalStateException("a responder that throws");
        }
        return later;
    }
}
