package io.memberlist.simulator.fuzz.check;

import io.memberlist.member.Member;
import io.memberlist.wire.Message;
import io.memberlist.wire.Message.Ack;
import io.memberlist.wire.Message.IndirectPing;
import io.memberlist.wire.Message.Nack;
import io.memberlist.wire.Message.Ping;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Gossip beside a ping or an answer goes only to where a process knows a live member. A broadcast goes out a limited number of
 * times, so that a stranger who hears it keeps a member from hearing it.
 *
 * <p>One task may learn of a member and write to it, or write to it and lose it, so what is known before and after the task
 * counts.
 */
public final class OnlyMembersHearGossip implements Checker {
    private final PerMember<InetSocketAddress> live = new PerMember<>();
    private final List<Observation.PacketSent> suspects = new ArrayList<>();

    @Override
    public void observe(Observation observation, Report report) {
        if (observation instanceof Observation.MemberChanged changed) {
            changed(changed);
        } else if (observation instanceof Observation.PacketSent sent && !isMember(sent) && carriesGossip(sent)) {
            suspects.add(sent);
        } else if (observation instanceof Observation.PacketHandled handled) {
            judge(handled.observer(), report);
        } else if (observation instanceof Observation.ProcessStopped stopped) {
            suspects.removeIf(sent -> sent.observer().equals(stopped.observer()));
            live.forget(stopped.observer());
        }
    }

    private void changed(Observation.MemberChanged changed) {
        Member after = changed.after();
        if (after != null && after.state().isLive()) {
            live.put(changed.observer(), changed.member(), after.address());
        } else {
            live.remove(changed.observer(), changed.member());
        }
    }

    private void judge(String process, Report report) {
        suspects.removeIf(sent -> {
            boolean handled = sent.observer().equals(process);
            if (handled && !isMember(sent)) {
                report.violated(sent.text() + ", which is nobody that it knows to be a member");
            }
            return handled;
        });
    }

    private boolean isMember(Observation.PacketSent sent) {
        return live.of(sent.observer()).containsValue(sent.to());
    }

    private static boolean carriesGossip(Observation.PacketSent sent) {
        List<Message> messages = sent.messages().get();
        return messages.size() > 1 && messages.stream().anyMatch(OnlyMembersHearGossip::isForOne);
    }

    private static boolean isForOne(Message message) {
        return message instanceof Ping
                || message instanceof IndirectPing
                || message instanceof Ack
                || message instanceof Nack;
    }
}
