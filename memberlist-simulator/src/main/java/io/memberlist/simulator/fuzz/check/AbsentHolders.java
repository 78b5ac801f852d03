package io.memberlist.simulator.fuzz.check;

import io.memberlist.member.Member;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Alive;
import io.memberlist.wire.Message.PushPull;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Knows which members others may find absent when their name is claimed: somebody, perhaps a liar, has said that the name
 * is at another address, and there was a time since the suspicion began at which no process of that name ran at the
 * member's own.
 */
final class AbsentHolders {
    private final Map<String, InetSocketAddress> running = new HashMap<>();
    private final Map<InetSocketAddress, Integer> ends = new HashMap<>();
    private final Map<String, Set<InetSocketAddress>> claims = new HashMap<>();
    private final PerMember<Integer> endsBefore = new PerMember<>();

    void observe(Observation observation) {
        if (observation instanceof Observation.ProcessStarted started) {
            running.put(started.observer(), started.address());
            claimed(started.node(), started.address());
        } else if (observation instanceof Observation.AddressChanged changed) {
            running.put(changed.observer(), changed.address());
            ends.merge(changed.former(), 1, Integer::sum);
            claimed(changed.node(), changed.address());
        } else if (observation instanceof Observation.ProcessStopped stopped) {
            InetSocketAddress freed = running.remove(stopped.observer());
            if (freed != null) {
                ends.merge(freed, 1, Integer::sum);
            }
            endsBefore.forget(stopped.observer());
        } else if (observation instanceof Observation.PacketReceived received) {
            heard(received.messages());
        } else if (observation instanceof Observation.Lie lie) {
            heard(List.of(lie.message()));
        }
    }

    private void heard(List<Message> messages) {
        for (Message message : messages) {
            if (message instanceof Alive alive) {
                claimed(alive);
            } else if (message instanceof PushPull state) {
                state.nodes().forEach(node -> claimed(node.toAlive()));
            }
        }
    }

    private void claimed(Alive alive) {
        try {
            claimed(
                    alive.node(),
                    new InetSocketAddress(InetAddress.getByAddress(alive.address()), Math.max(0, alive.port())));
        } catch (UnknownHostException | IllegalArgumentException e) {
            // No member takes a name for claimed that is at no address.
        }
    }

    private void claimed(String name, InetSocketAddress address) {
        claims.computeIfAbsent(name, unclaimed -> new HashSet<>()).add(address);
    }

    /** An observer begins to suspect a member. */
    void suspected(String observer, Member member) {
        // A process of another name closes the connections that are meant for this one, which counts as silence.
        boolean runs = running.entrySet().stream()
                .anyMatch(process -> Observation.node(process.getKey()).equals(member.name())
                        && process.getValue().equals(member.address()));
        endsBefore.put(observer, member.name(), runs ? ends(member.address()) : -1);
    }

    /** {@return whether the observer may have found that a member which it suspects, and whose name is claimed, is absent} */
    boolean mayBeAbsent(String observer, Member member) {
        Integer before = endsBefore.get(observer, member.name());
        return before != null
                && before != ends(member.address())
                && claims.getOrDefault(member.name(), Set.of()).stream()
                        .anyMatch(address -> !address.equals(member.address()));
    }

    private int ends(InetSocketAddress address) {
        return ends.getOrDefault(address, 0);
    }
}
