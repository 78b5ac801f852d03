package io.memberlist.messaging.outbox;

import io.memberlist.extension.ExtensionContext;
import io.memberlist.member.Member;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What waits to leave in packets: messages for everybody, and messages for one. Several messages share a packet where they
 * wait anyway. Under the packet budget, and a few packets at a time, so that probes and their answers pass in between.
 */
public final class Outbox {
    private static final int PACKETS_PER_TURN = 64;
    private static final int MAX_MESSAGES = 255;
    private static final int MAX_CAUSED = 4096;

    /** How often, and how long at most, it is looked whether this member has caught up before it sends more. */
    private static final long YIELD_NANOS = 5_000_000;

    private static final long MAX_YIELD_NANOS = 250_000_000;

    private final EventLoop loop;
    private final ExtensionContext context;
    private final PacketBudget budget;
    private final Queue<Waiting> forAll = new ArrayDeque<>();
    private final Map<String, Lane> forOne = new LinkedHashMap<>();
    private int waitingForOne;
    private boolean scheduled;
    private boolean stopped;
    private boolean turnOfOne;
    private List<Waiting> batch = List.of();
    private List<Member> targets = List.of();
    private int nextTarget;
    private long lastTurnNanos;

    Outbox(ExtensionContext context, int packetsPerSecond) {
        this.loop = context.loop();
        this.context = context;
        this.budget = new PacketBudget(packetsPerSecond, loop.nanoTime());
        this.lastTurnNanos = loop.nanoTime();
    }

    private record Waiting(byte[] message, Completion<Void> completion) {}

    /** What waits for one member. */
    private static final class Lane {
        final Queue<Waiting> waiting = new ArrayDeque<>();
        Member to;

        Lane(Member to) {
            this.to = to;
        }
    }

    /** @param completion hears when it has left for the last of them */
    public void toAll(byte[] message, Completion<Void> completion) {
        forAll.add(new Waiting(message, completion));
        pumpSoon();
    }

    public void toOne(Member to, byte[] message, Completion<Void> completion) {
        Lane lane = forOne.computeIfAbsent(to.name(), name -> new Lane(to));
        lane.to = to;
        lane.waiting.add(new Waiting(message, completion));
        waitingForOne++;
        pumpSoon();
    }

    /** {@return how many messages for one member wait} */
    public int waitingForOne() {
        return waitingForOne;
    }

    /** {@return how many messages for a member wait} */
    public int waitingFor(Member to) {
        Lane lane = forOne.get(to.name());
        return lane == null ? 0 : lane.waiting.size();
    }

    /** {@return whether few messages for a member wait, and not too many for all} Of what others cause and nobody waits for. */
    public boolean hasRoomFor(Member to, int few) {
        return waitingForOne < MAX_CAUSED && waitingFor(to) < few;
    }

    void stop() {
        stopped = true;
        forAll.clear();
        forOne.clear();
    }

    /** Behind what the loop has to do already: messages that were sent together leave together. */
    private void pumpSoon() {
        if (!scheduled) {
            scheduled = true;
            loop.execute(this::pump);
        }
    }

    private void pumpIn(long nanos) {
        scheduled = true;
        loop.schedule(nanos, this::pump);
    }

    private void pump() {
        scheduled = false;
        long began = loop.nanoTime();
        if (context.behind() && began - lastTurnNanos < MAX_YIELD_NANOS && !stopped) {
            // Who does not keep up with what comes in does not add to it. What waits meanwhile shares packets.
            pumpIn(YIELD_NANOS);
            return;
        }
        lastTurnNanos = began;
        int left = PACKETS_PER_TURN;
        while (left > 0 && !stopped) {
            long now = loop.nanoTime();
            int allowed = Math.min(left, budget.available(now));
            boolean all = nextTarget < targets.size() || !forAll.isEmpty();
            if (!all && forOne.isEmpty()) {
                return;
            }
            if (allowed == 0) {
                pumpIn(budget.nanosUntil(now, 1));
                return;
            }
            turnOfOne = !turnOfOne && !forOne.isEmpty() || !all;
            int sent = turnOfOne ? sendToOne() : sendToSome(allowed);
            budget.spend(now, sent);
            left -= Math.max(1, sent);
        }
        if (!stopped) {
            // A timer of no time runs after the sockets were read once more, a task before.
            pumpIn(0);
        }
    }

    private int sendToSome(int allowed) {
        if (nextTarget >= targets.size()) {
            batch = takeBatch(forAll);
            targets = context.others();
            nextTarget = 0;
        }
        int end = Math.min(targets.size(), nextTarget + allowed);
        List<Member> slice = targets.subList(nextTarget, end);
        nextTarget = end;
        boolean last = end == targets.size();
        List<Waiting> sending = batch;
        Completion<Void> completion = last ? (nothing, failure) -> completed(sending, null) : Completion.IGNORED;
        if (slice.isEmpty()) {
            completion.done(null, null);
        } else {
            context.sendPackets(slice, messages(sending), completion);
        }
        return slice.size();
    }

    private int sendToOne() {
        Iterator<Lane> lanes = forOne.values().iterator();
        Lane lane = lanes.next();
        lanes.remove();
        List<Waiting> sending = takeBatch(lane.waiting);
        waitingForOne -= sending.size();
        if (!lane.waiting.isEmpty()) {
            // To the end of the line.
            forOne.put(lane.to.name(), lane);
        }
        context.sendPackets(List.of(lane.to), messages(sending), (nothing, failure) -> completed(sending, failure));
        return 1;
    }

    private List<Waiting> takeBatch(Queue<Waiting> from) {
        List<Waiting> taken = new ArrayList<>();
        int room = context.packetRoom();
        while (!from.isEmpty() && taken.size() < MAX_MESSAGES) {
            int length = from.element().message().length + context.payloadOverhead();
            if (!taken.isEmpty() && length > room) {
                break;
            }
            taken.add(from.remove());
            room -= length;
        }
        return taken;
    }

    private static List<byte[]> messages(List<Waiting> waiting) {
        return waiting.stream().map(Waiting::message).toList();
    }

    private static void completed(List<Waiting> sent, @Nullable Throwable failure) {
        sent.forEach(waiting -> waiting.completion().done(null, failure));
    }
}
