package io.memberlist.swim;

import io.memberlist.member.MemberState;
import io.memberlist.transport.AddressOrder;
import io.memberlist.transport.Completion;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Recipient;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets this member ask another one for its state while many join: a newcomer soon after its first exchange, and a member that was there
 * before when it hears of many newcomers. Gossip reaches only those that its sender knows: what was gossiped while a newcomer's
 * first exchange was under way, or while others did not know the newcomer yet, has passed it by. And who has learned of a
 * newcomer by an exchange does not gossip it, so that gossip alone misses some. The periodic exchange comes after half a minute
 * or more.
 *
 * <p>It asks the seed that it has asked before: a seed meets everybody who joins meanwhile, while the members that a newcomer knows
 * have joined before it, and know less. Where it was told of others without asking a seed, it asks one of them. Whoever tells of
 * many is asked again soon, whoever tells of a few when newcomers pause. Whoever tells of none is asked when the next newcomer
 * comes, as long as many come; after three such answers in a row, when many come again.
 *
 * <p>Meanwhile this member hardly gossips whom it meets: others ask as well.
 */
final class CatchUp {
    /** In rounds of gossip. */
    private static final int SOON = 3;

    /** Where nobody tells of a newcomer for so long, the last one has come, or the next ones come later. */
    private static final int PAUSE = 3;

    /** Newcomers may come one after the other for minutes. */
    private static final int LONGEST_WAIT = 10;

    private static final int MAX_EXCHANGES = 16;

    /** A member that answers pings and no question must not keep this one waiting. */
    private static final int MOST_FAILURES = 4;

    /** Gossip has told of all who came. It may not tell of the last ones, so that one such answer is not enough. */
    private static final int MOST_IN_VAIN = 3;

    /** The state of so many fits a few packets. */
    private static final int SMALL = 32;

    private final Context context;
    private final Membership membership;
    private final BiConsumer<Recipient, Completion<Void>> pull;
    private final BiConsumer<Recipient, Completion<Void>> exchange;
    private final SortedSet<InetSocketAddress> tellers = new TreeSet<>(AddressOrder.SOCKETS);
    private EventLoop.Timer timer = () -> {};
    private final Queue<InetSocketAddress> seeds = new ArrayDeque<>();
    /** The seed that has told of others last. */
    private @Nullable InetSocketAddress lastSeed;

    private final Growth growth = new Growth();
    private int failures;
    /** How many answers in a row have told of nobody. */
    private int vain;

    private int exchanges;
    /** An answer to an earlier question decides nothing. */
    private int questions;

    private long plannedNanos;
    /** Whether many come, and this member has not asked often enough. */
    private boolean growing;

    private boolean stopped;

    /**
     * @param pull asks a member for its state
     * @param exchange sends it this member's state as well
     */
    CatchUp(
            Context context,
            Membership membership,
            BiConsumer<Recipient, Completion<Void>> pull,
            BiConsumer<Recipient, Completion<Void>> exchange) {
        this.context = context;
        this.membership = membership;
        this.pull = pull;
        this.exchange = exchange;
    }

    /** This member has met another one, and knew nobody before. */
    void begin() {
        seeds.clear();
        tellers.clear();
        context.table().setForming(true);
        questions++;
        start();
        askSoon();
    }

    /** The first exchange of this member is over. Others may join at the same time, and its members do not gossip to it yet. */
    void metFirst() {
        growth.begin(context.loop().nanoTime());
        growing = true;
    }

    /** A member has told of one that was not known. */
    void toldOfNewcomer() {
        long now = context.loop().nanoTime();
        growth.newcomer(context.table().live(), now);
        if (!growth.lasts(now)) {
            growing = false;
            return;
        }
        if (!growing) {
            growing = true;
            start();
        }
        if (!membership.isCatchingUp()) {
            if (lastSeed != null) {
                seeds.add(lastSeed);
            }
            askWhenTheyPause();
        }
    }

    /** A seed has told this newcomer of others. One seed may be in a part of the cluster that does not know another. */
    void askAgain(Teller teller) {
        InetSocketAddress seed = teller.asked();
        if (seed != null && membership.isCatchingUp() && !seeds.contains(seed)) {
            seeds.add(seed);
            tellers.add(seed);
            lastSeed = seed;
        }
    }

    void stop() {
        stopped = true;
        timer.cancel();
    }

    private void start() {
        failures = 0;
        vain = 0;
        exchanges = 0;
    }

    private void end() {
        membership.setCatchingUp(false);
        context.table().setForming(false);
        tellers.clear();
        seeds.clear();
    }

    /** Only if many more come does this member ask once more. */
    private void endGrowth() {
        end();
        growing = false;
        growth.reset();
    }

    private void askSoon() {
        plan(SOON, this::exchange);
    }

    private void askWhenTheyPause() {
        plan(PAUSE, this::exchangeIfTheyPause);
    }

    private void plan(int rounds, Runnable question) {
        if (stopped || exchanges == MAX_EXCHANGES || rounds(rounds) == 0) {
            endGrowth();
            return;
        }
        membership.setCatchingUp(true);
        plannedNanos = context.loop().nanoTime();
        later(rounds(rounds), question);
    }

    private void exchangeIfTheyPause() {
        long now = context.loop().nanoTime();
        if (growth.pausesFor(rounds(PAUSE), now) || now - plannedNanos >= rounds(LONGEST_WAIT)) {
            exchange();
        } else {
            later(rounds(PAUSE) / 2, this::exchangeIfTheyPause);
        }
    }

    /** Members that joined together do not ask together. */
    private void later(long nanos, Runnable question) {
        timer.cancel();
        timer = context.loop().schedule(nanos + context.loop().random().nextLong(nanos), question);
    }

    private long rounds(int count) {
        return count * context.config().gossip().interval().toNanos();
    }

    private void exchange() {
        exchanges++;
        int question = ++questions;
        InetSocketAddress seed = seeds.poll();
        MemberRecord asked = seed == null ? null : context.table().live(seed);
        List<MemberRecord> chosen = asked != null && mayBeAsked(asked)
                ? List.of(asked)
                : context.table().random(1, 0, this::mayBeAsked);
        if (chosen.isEmpty()) {
            endGrowth();
        }
        for (MemberRecord member : chosen) {
            int before = context.table().live();
            // What this member knows is no news to the only one who has told of it. Where there are few it costs
            // nothing to say so.
            BiConsumer<Recipient, Completion<Void>> ask = tellers.size() > 1 || before <= SMALL ? exchange : pull;
            ask.accept(member.recipient(), (nothing, failure) -> {
                if (question == questions) {
                    // What gossip taught meanwhile is no answer.
                    asked(
                            member,
                            failure != null,
                            failure == null ? context.table().live() - before : 0);
                }
            });
        }
    }

    /** @param taught how many more this member knows than when it asked; 0 if that failed */
    private void asked(MemberRecord member, boolean failed, int taught) {
        long times = (context.loop().nanoTime() - plannedNanos) / rounds(2 * SOON);
        boolean many = Growth.isMuch(taught, context.table().live() * Math.max(1, times));
        boolean othersWait = !seeds.isEmpty();
        failures += failed ? 1 : 0;
        vain = taught > 0 ? 0 : vain + (failed ? 0 : 1);
        if (failures < MOST_FAILURES && (failed || many || othersWait)) {
            remember(member, taught);
            askSoon();
        } else if (taught > 0) {
            end();
            remember(member, taught);
            askWhenTheyPause();
        } else if (failed || vain >= MOST_IN_VAIN) {
            endGrowth();
        } else {
            end();
        }
    }

    /** Whoever has told of others may tell of more. In a small cluster another one is asked, for what has passed this one by. */
    private void remember(MemberRecord teller, int taught) {
        if (taught > 0 && context.table().live() > SMALL && !seeds.contains(teller.address())) {
            seeds.add(teller.address());
        }
    }

    private boolean mayBeAsked(MemberRecord record) {
        return record.state() == MemberState.ALIVE && !record.name().equals(context.self());
    }
}
