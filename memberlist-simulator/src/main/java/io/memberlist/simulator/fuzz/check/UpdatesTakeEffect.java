package io.memberlist.simulator.fuzz.check;

import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.Suspect;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Alive, suspect and dead messages in a packet take effect, whoever sends them. A suspect or dead message that is not
 * old raises the incarnation that a refutation must exceed, even if it changes no state; the local member refutes it.
 * An alive message with a newer incarnation is accepted. An alive message at an incarnation that is known as dead is
 * contradicted at once: a dead message goes to the address in it, unless one was sent a moment ago. A newcomer may be asked
 * before it is taken in, whether it exists. What a degraded member says against others may wait for a confirmation.
 *
 * <p>The checker judges a message only if it is the only one about its member in the packet, and only if every filter
 * accepts it.
 */
public final class UpdatesTakeEffect implements Checker {
    /** Suspect and dead messages above it have no effect, since they could not be refuted. */
    private static final long LAST = 0xffff_ffffL - 0x1_0000;

    /** A dead message is sent to the same address once in this time. */
    private static final Duration NOT_AGAIN_WITHIN = Duration.ofSeconds(1);

    /** From the first ping to a newcomer until it is clear that it does not answer. */
    private static final Duration ASKED_FOR = Duration.ofSeconds(3);

    /** The same where a process gets to its timers late. */
    private static final Duration ASKED_LATE_FOR = Duration.ofMinutes(1);

    private final PerMember<Member> known = new PerMember<>();
    private final PerMember<Member> forgotten = new PerMember<>();
    /** At which incarnation each process under a name was last known to have ended. */
    private final PerMember<Map<InetSocketAddress, Long>> ends = new PerMember<>();

    private final Set<String> left = new HashSet<>();
    private final Map<String, Set<String>> degraded = new HashMap<>();
    /** For each observer, whom it took for degraded before the packet that it handles, or does now. */
    private final Map<String, Set<String>> doubted = new HashMap<>();

    private final Map<String, Set<InetSocketAddress>> addresses = new HashMap<>();
    private final List<Expected> expected = new ArrayList<>();
    private final Map<String, Deque<Observation.PacketSent>> said = new HashMap<>();
    private String listener = "";
    private final Map<String, Instant> lateUntil = new HashMap<>();

    /** Whether a packet tells of several newcomers: it may be too short for all of them to be asked. */
    private boolean severalNewcomers;
    /** Whether a packet brings an ack: it may be that of a newcomer, about which it brings other news as well. */
    private boolean answers;

    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.ProcessStarted started) {
            addresses(started.node()).add(started.address());
        } else if (observation instanceof Observation.AddressChanged changed) {
            addresses(changed.node()).add(changed.address());
        } else if (observation instanceof Observation.ProcessStopped stopped) {
            known.forget(stopped.observer());
            forgotten.forget(stopped.observer());
            ends.forget(stopped.observer());
            said.remove(stopped.observer());
        } else if (observation instanceof Observation.Leaving leaving) {
            left.add(leaving.observer());
        } else if (observation instanceof Observation.MemberChanged seen) {
            seen(seen);
        } else if (observation instanceof Observation.DegradedChanged changed) {
            Set<String> both = new HashSet<>(changed.members());
            both.addAll(degraded.getOrDefault(changed.observer(), Set.of()));
            doubted.put(changed.observer(), both);
            degraded.put(changed.observer(), changed.members());
        } else if (observation instanceof Observation.PacketReceived heard) {
            doubted.put(heard.observer(), degraded.getOrDefault(heard.observer(), Set.of()));
            heard(heard);
        } else if (observation instanceof Observation.PacketSent one) {
            said(one);
        } else if (observation instanceof Observation.Disturbed late) {
            lateUntil.put(late.observer(), late.now());
        } else if (observation instanceof Observation.PacketHandled digested) {
            if (digested.observer().equals(listener)) {
                expected.forEach(one -> judge(digested.observer(), one, report));
            }
            expected.clear();
        }
    }

    private void seen(Observation.MemberChanged seen) {
        Member after = seen.after();
        if (after != null) {
            Member former = known.get(seen.observer(), seen.member());
            if (former != null && !former.address().equals(after.address())) {
                // One packet may bring both the end at an address, which is not seen then, and the next one.
                ended(seen.observer(), seen.member())
                        .merge(former.address(), Math.max(former.incarnation(), after.incarnation() - 1), Math::max);
            }
            known.put(seen.observer(), seen.member(), after);
            addresses(seen.member()).add(after.address());
            forgotten.remove(seen.observer(), seen.member());
            if (!after.state().isLive()) {
                ended(seen.observer(), seen.member()).merge(after.address(), after.incarnation(), Math::max);
            }
            return;
        }
        Member before = known.get(seen.observer(), seen.member());
        known.remove(seen.observer(), seen.member());
        if (before != null) {
            forgotten.put(seen.observer(), seen.member(), before);
        }
    }

    private Map<InetSocketAddress, Long> ended(String observer, String member) {
        return ends.computeIfAbsent(observer, member, HashMap::new);
    }

    /** Keeps the sent packets for the time in which a dead message need not be repeated, or a newcomer is asked. */
    private void said(Observation.PacketSent one) {
        Deque<Observation.PacketSent> all = said.computeIfAbsent(one.observer(), o -> new ArrayDeque<>());
        all.add(one);
        boolean late = one.now().minus(ASKED_FOR).isBefore(lateUntil.getOrDefault(one.observer(), Instant.MIN));
        Duration kept = late ? ASKED_LATE_FOR : ASKED_FOR;
        while (all.element().now().isBefore(one.now().minus(kept))) {
            all.remove();
        }
    }

    private void heard(Observation.PacketReceived heard) {
        listener = heard.observer();
        expected.clear();
        Map<String, Integer> times = new HashMap<>();
        for (Message message : heard.messages()) {
            String about = TraceText.about(message);
            if (about != null) {
                times.merge(about, 1, Integer::sum);
            }
        }
        answers = heard.messages().stream().anyMatch(Ack.class::isInstance);
        severalNewcomers = heard.messages().stream()
                        .filter(message ->
                                message instanceof Alive alive && known.get(heard.observer(), alive.node()) == null)
                        .count()
                > 1;
        for (Message message : heard.messages()) {
            String about = TraceText.about(message);
            if (about != null && times.getOrDefault(about, 0) == 1) {
                expect(heard.observer(), about, message);
            }
        }
    }

    private void expect(String observer, String name, Message message) {
        Member before = known.get(observer, name);
        boolean self = name.equals(Observation.node(observer));
        if (self && left.contains(observer) || answers && isAsked(observer, name)) {
            return;
        }
        if (message instanceof Suspect suspect) {
            accused(name, before, suspect.incarnation(), self, false, message);
        } else if (message instanceof Dead dead) {
            accused(name, before, dead.incarnation(), self, true, message);
        } else if (message instanceof Alive alive && plausible(alive) && !self && !mayBeKeptOut(observer)) {
            boolean isNew = alive.incarnation() > ended(observer, name).getOrDefault(TraceText.address(alive), -1L);
            alive(name, before, forgotten.get(observer, name), alive, isNew);
        }
    }

    /** A process that knows no other ignores news while the others know another one, or a former one, under its name. */
    private boolean mayBeKeptOut(String observer) {
        return addresses(Observation.node(observer)).size() > 1
                && known.of(observer).values().stream()
                                .filter(member -> member.state().isLive())
                                .count()
                        <= 1;
    }

    /** {@return where the processes under a name have been, and where others believed that they were} */
    private Set<InetSocketAddress> addresses(String name) {
        return addresses.computeIfAbsent(name, n -> new HashSet<>());
    }

    private void accused(
            String name, @Nullable Member before, long incarnation, boolean self, boolean dead, Message message) {
        if (before == null || incarnation < before.incarnation() || incarnation > LAST) {
            return;
        }
        if (self) {
            expected.add(new Expected(name, message, after -> after.incarnation() > incarnation, null));
        } else {
            expected.add(new Expected(
                    name,
                    message,
                    after -> after.incarnation() >= incarnation
                            && (dead ? !after.state().isLive() : after.state() != MemberState.ALIVE),
                    null));
        }
    }

    /** @param isNew whether the message is newer than the last known end of its process */
    private void alive(String name, @Nullable Member before, @Nullable Member tombstone, Alive alive, boolean isNew) {
        Member end = before != null ? before : tombstone;
        InetSocketAddress at = TraceText.address(alive);
        boolean moves = before != null && !before.address().equals(at);
        boolean takesOver = moves && before.state() == MemberState.LEFT && isNew;
        if (moves && !takesOver || end == null && severalNewcomers) {
            return;
        }
        if (end == null || takesOver || alive.incarnation() > end.incarnation()) {
            // For a new name, nothing is newer than incarnation 0. The packet may bring the answer of a newcomer, which
            // is
            // then known at what was told of it before.
            if (end != null || alive.incarnation() > 0) {
                expected.add(new Expected(
                        name,
                        alive,
                        after -> after.state() == MemberState.ALIVE
                                && (after.incarnation() == alive.incarnation()
                                        || before == null && after.incarnation() > alive.incarnation()),
                        null));
            }
        } else if (!end.state().isLive()) {
            expected.add(new Expected(name, alive, after -> true, new Contradiction(at, end.incarnation())));
        }
    }

    private static boolean plausible(Alive alive) {
        return alive.address().length == 4
                && alive.address()[0] == 10
                && alive.port() > 0
                && alive.incarnation() <= LAST
                && alive.meta().length <= 512
                && alive.versions().length == 6
                && understood(alive.versions())
                && alive.node().matches("[a-z0-9-]{1,20}");
    }

    private void judge(String observer, Expected one, Report report) {
        if (isDoubted(observer, one.message())) {
            return;
        }
        Member after = known.get(observer, one.name());
        boolean forgot = after == null && forgotten.get(observer, one.name()) == null;
        if (forgot && !isAsked(observer, one.name())
                || after != null && !one.holds().test(after)) {
            report.violated(observer + " heard " + TraceText.text(one.message()) + " and sees "
                    + (after == null ? "nothing" : after.toString()));
        }
        Contradiction contradiction = one.contradiction();
        // A newcomer that was asked may answer in the packet that brings old news of it.
        boolean isBack = contradiction != null
                && after != null
                && after.state().isLive()
                && after.incarnation() > contradiction.incarnation();
        if (contradiction != null && !isBack && !contradicted(observer, one.name(), contradiction)) {
            report.violated(observer + " heard " + TraceText.text(one.message()) + ", knows that "
                    + "it ended at incarnation " + contradiction.incarnation() + ", and did not say so");
        }
    }

    private boolean isDoubted(String observer, Message message) {
        String accuser = message instanceof Suspect suspect
                ? suspect.from()
                : message instanceof Dead dead && !dead.isLeave() ? dead.from() : "";
        return doubted.getOrDefault(observer, Set.of()).contains(accuser);
    }

    private Deque<Observation.PacketSent> said(String observer) {
        return said.getOrDefault(observer, new ArrayDeque<>());
    }

    private boolean isAsked(String observer, String newcomer) {
        return said(observer).stream()
                .flatMap(word -> word.messages().get().stream())
                .anyMatch(message -> message instanceof Ping ping && ping.node().equals(newcomer));
    }

    private boolean contradicted(String observer, String name, Contradiction contradiction) {
        Observation.PacketSent last = said(observer).peekLast();
        return last != null
                && said(observer).stream()
                        .filter(word -> !word.now().isBefore(last.now().minus(NOT_AGAIN_WITHIN)))
                        .anyMatch(word -> contradicts(word, name, contradiction));
    }

    private static boolean contradicts(Observation.PacketSent word, String name, Contradiction contradiction) {
        List<Message> messages = word.messages().get();
        boolean alone = messages.size() == 1;
        return (alone || word.to().equals(contradiction.to()))
                && messages.stream()
                        .anyMatch(message -> message instanceof Dead dead
                                && dead.node().equals(name)
                                && (alone || dead.incarnation() == contradiction.incarnation()));
    }

    /** What must hold when a message has been handled. */
    private record Expected(
            String name,
            Message message,
            java.util.function.Predicate<Member> holds,
            @Nullable Contradiction contradiction) {}

    /** The dead message that must be sent, and its address. */
    private record Contradiction(InetSocketAddress to, long incarnation) {}

    /** Every simulated member understands these versions; a damaged packet may name others, which keep a member out. */
    private static boolean understood(byte[] versions) {
        return versions[0] == 1
                && versions[1] == 5
                && versions[2] >= 1
                && versions[2] <= 5
                && versions[3] == 0
                && versions[4] == 0
                && versions[5] == 0;
    }
}
