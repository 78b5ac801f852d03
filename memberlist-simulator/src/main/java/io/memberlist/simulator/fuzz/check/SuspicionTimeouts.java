package io.memberlist.simulator.fuzz.check;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Dead;
import io.memberlist.wire.Message.Suspect;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A member is declared dead only by a received dead message or at the end of a suspicion. A suspicion lasts exactly as
 * long as Lifeguard says for the confirmations that were received, or as short as can be where the member is absent while
 * somebody claims its name: no process runs at its address. The checker computes this again, from what the
 * observer received and by the observer's clock. If that does not determine what happened, it judges nothing.
 */
public final class SuspicionTimeouts implements Checker {
    private static final Duration SLACK = Duration.ofMillis(5);
    private static final long LAST_THAT_COUNTS = 0xffff_ffffL - 0x1_0000;

    private final MemberlistConfig config;
    private final PerMember<Member> known = new PerMember<>();
    private final PerMember<ExpectedSuspicion> running = new PerMember<>();
    private final Map<String, Instant> disturbed = new HashMap<>();
    private final Set<String> blocked = new HashSet<>();
    private final AbsentHolders absent = new AbsentHolders();
    private final List<Observation.MemberChanged> changes = new ArrayList<>();
    private Observation.@Nullable PacketReceived heard;

    public SuspicionTimeouts(MemberlistConfig config) {
        this.config = config;
    }

    @Override
    public void observe(Observation observation, Report report) {
        absent.observe(observation);
        if (observation instanceof Observation.PacketReceived one) {
            heard = one;
        } else if (observation instanceof Observation.MemberChanged seen) {
            changes.add(seen);
        } else if (observation instanceof Observation.PacketHandled digested) {
            digest(digested.observer(), report);
        } else if (observation instanceof Observation.Disturbed one) {
            running.forget(one.observer());
            disturbed.put(one.observer(), one.now());
        } else if (observation instanceof Observation.Blocked one) {
            blocked(one);
        } else if (observation instanceof Observation.ProcessStopped stopped) {
            blocked.remove(stopped.observer());
            running.forget(stopped.observer());
            known.forget(stopped.observer());
        } else if (observation instanceof Observation.ResourcesHeld holds) {
            running.of(holds.observer()).forEach((name, suspicion) -> {
                if (holds.now().isAfter(suspicion.latest().plus(SLACK))) {
                    report.violated(holds.observer() + " still suspects " + name + " at " + holds.now() + ", too long: "
                            + suspicion);
                }
            });
        }
    }

    /** A suspicion gets the time back for which its observer could hear no refutation. */
    private void blocked(Observation.Blocked change) {
        if (change.blocked()) {
            blocked.add(change.observer());
            running.of(change.observer()).values().forEach(ExpectedSuspicion::mayBeProlonged);
        } else {
            blocked.remove(change.observer());
        }
    }

    private void digest(String observer, Report report) {
        int sizeBefore = known.of(observer).size();
        int fewest = live(observer);
        int most = fewest;
        List<Member> suspected = new ArrayList<>();
        for (Observation.MemberChanged seen : changes) {
            Member before = known.get(observer, seen.member());
            Member after = seen.after();
            boolean lived = before != null && before.state().isLive();
            boolean lives = after != null && after.state().isLive();
            fewest -= lived && !lives ? 1 : 0;
            most += lives && !lived ? 1 : 0;
            if (after == null) {
                known.remove(observer, seen.member());
                continue;
            }
            known.put(observer, seen.member(), after);
            if (before != null
                    && before.state() == after.state()
                    && before.stateSince().equals(after.stateSince())) {
                continue;
            }
            if (after.state() == MemberState.DEAD && !isSaidDead(observer, after.name())) {
                died(observer, before, after, report);
            }
            running.remove(observer, seen.member());
            if (after.state() == MemberState.SUSPECT) {
                suspected.add(after);
            }
        }
        confirm(observer, suspected);
        for (Member member : suspected) {
            begin(observer, member, fewest, most, sizeBefore);
        }
        changes.clear();
        heard = null;
    }

    private void died(String observer, @Nullable Member before, Member after, Report report) {
        ExpectedSuspicion suspicion = running.get(observer, after.name());
        if (before == null || before.state() != MemberState.SUSPECT) {
            report.violated(observer + " declares " + after + " dead without a suspicion, after " + before);
        } else if (suspicion != null && after.stateSince().isBefore(earliest(observer, after, suspicion))) {
            report.violated(
                    observer + " declares " + after + " dead at " + after.stateSince() + ", too early: " + suspicion);
        }
    }

    /** The suspicion of a member whose name is claimed, and at whose address nobody runs, may be the shortest. */
    private Instant earliest(String observer, Member member, ExpectedSuspicion suspicion) {
        return absent.mayBeAbsent(observer, member)
                ? suspicion.shortest()
                : suspicion.earliest(Observation.node(observer));
    }

    /**
     * @param fewest how many members lived at least while the packet was handled: some may have ended in it before others joined
     * @param most how many lived at most
     */
    private void begin(String observer, Member member, int fewest, int most, int sizeBefore) {
        if (member.stateSince().isBefore(disturbed.getOrDefault(observer, Instant.MIN))) {
            return;
        }
        String first = Observation.node(observer);
        List<Message> about = about(observer, member.name());
        if (about.size() == 1 && about.get(0) instanceof Suspect suspect) {
            first = suspect.from();
        } else if (!about.isEmpty()) {
            return;
        }
        int wished = config.suspicion().multiplier() - 2;
        boolean hopes = fewest - 2 >= wished;
        if (hopes != most - 2 >= wished) {
            return;
        }
        int size = known.of(observer).size();
        absent.suspected(observer, member);
        ExpectedSuspicion suspicion = new ExpectedSuspicion(
                config,
                member.stateSince(),
                first,
                hopes ? wished : 0,
                Math.min(size, sizeBefore),
                Math.max(size, sizeBefore));
        if (blocked.contains(observer)) {
            suspicion.mayBeProlonged();
        }
        running.put(observer, member.name(), suspicion);
    }

    /** Counts the received confirmations of earlier suspicions. */
    private void confirm(String observer, List<Member> begun) {
        Observation.PacketReceived current = heard;
        if (current == null || !current.observer().equals(observer)) {
            return;
        }
        for (Message message : current.messages()) {
            if (message instanceof Suspect suspect && suspect.incarnation() <= LAST_THAT_COUNTS) {
                ExpectedSuspicion suspicion = running.get(observer, suspect.node());
                Member member = known.get(observer, suspect.node());
                if (suspicion != null && member != null && !begun.contains(member)) {
                    // TraceText about an earlier incarnation confirm nothing.
                    boolean counts = about(observer, suspect.node()).size() == 1
                            && suspect.incarnation() >= member.incarnation();
                    suspicion.confirmed(suspect.from(), counts, current.now());
                }
            } else if (message instanceof Dead dead && !dead.isLeave()) {
                ExpectedSuspicion suspicion = running.get(observer, dead.node());
                if (suspicion != null) {
                    // From a degraded member it counts as a suspicion.
                    suspicion.confirmed(dead.from(), false, current.now());
                }
            }
        }
    }

    private int live(String observer) {
        return (int) known.of(observer).values().stream()
                .filter(member -> member.state().isLive())
                .count();
    }

    private boolean isSaidDead(String observer, String member) {
        return about(observer, member).stream().anyMatch(message -> message instanceof Dead dead && !dead.isLeave());
    }

    private List<Message> about(String observer, String member) {
        Observation.PacketReceived current = heard;
        return current == null || !current.observer().equals(observer)
                ? List.of()
                : current.messages().stream()
                        .filter(message -> member.equals(TraceText.about(message)))
                        .toList();
    }
}
