package io.memberlist.sample.companions;

import io.memberlist.member.Member;
import io.memberlist.sample.network.FaultInjectingNetwork;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Injects faults into companions and into the network between them. Says why, if a fault is impossible. */
@Component
public class FaultInjector {
    private static final String NOT_HERE =
            "The members are processes of their own (sample.companions=0): start one with --server.port=8081. The"
                    + " network between them is the real one, which this page can neither cut nor let lose packets.";

    private final Companions companions;
    private final FaultInjectingNetwork network;

    FaultInjector(Companions companions, FaultInjectingNetwork network) {
        this.companions = companions;
        this.network = network;
    }

    /** {@return why no companion can be started or stopped, null if it is possible} */
    public @Nullable String whyNoCompanions() {
        return companions.areWanted() ? null : NOT_HERE;
    }

    /** {@return why the network cannot be cut, null if it can} */
    public @Nullable String whyNoCut() {
        if (!companions.areWanted()) {
            return NOT_HERE;
        }
        List<String> strangers = strangers();
        if (!strangers.isEmpty() && !network.isCut()) {
            return "Members of other processes would still connect the two sides: " + firstOf(strangers);
        }
        return companions.all().size() < 2 ? "There is no companion to cut off: start one first." : null;
    }

    /** {@return the first names, and how many others there are: a reason is read at a glance} */
    static String firstOf(List<String> names) {
        int shown = names.size() <= 3 ? names.size() : 2;
        String text = String.join(", ", names.subList(0, shown));
        return shown == names.size() ? text : text + " and " + (names.size() - shown) + " more";
    }

    /** {@return why the member cannot be stopped, killed or paused, null if it can} */
    public @Nullable String whyNot(String member) {
        if (member.equals(companions.main().name()) && companions.areWanted()) {
            return "This member shows you the page: select a companion instead.";
        }
        return switch (companions.truth(member)) {
            case RUNNING, PAUSED -> companions.areWanted() ? null : whyNotElsewhere(member);
            case STOPPED -> "It left the cluster and is gone already: start another.";
            case KILLED -> "It was killed and is gone already, even if the others do not know it yet: start another.";
            case ELSEWHERE -> whyNotElsewhere(member);
        };
    }

    private String whyNotElsewhere(String member) {
        Member known = companions.main().memberlist().member(member).orElse(null);
        if (known == null) {
            return "Nobody in the cluster is called '" + member + "'.";
        }
        if (!known.state().isLive()) {
            return "It is gone already: start another.";
        }
        String where = companions.areWanted() ? "It runs in another process" : "The members are processes of their own";
        String pid = ProcessTags.pid(known);
        if (pid == null) {
            return where + ": stop it there with Ctrl+C, kill it with kill -9, pause it with kill -STOP.";
        }
        return (where + ". This one has PID %s: stop it with kill %1$s, kill it with kill -9 %1$s, pause it with"
                        + " kill -STOP %1$s, resume it with kill -CONT %1$s.")
                .formatted(pid);
    }

    /** Starts another companion. */
    public Companion start() {
        refuseIf(whyNoCompanions());
        return companions.startOne();
    }

    /** Lets a companion leave, and shuts it down. */
    public void stop(String member) {
        Companion companion = companion(member);
        if (companion.endpoint().isPaused()) {
            throw RejectedRequestException.because(
                    member + " is paused and cannot leave: resume it first, or kill it.");
        }
        companions.stop(companion);
    }

    /** Stops a companion without notifying anybody. */
    public void kill(String member) {
        companions.kill(companion(member));
    }

    /** Pauses a companion. */
    public void pause(String member) {
        Companion companion = companion(member);
        if (companion.endpoint().isPaused()) {
            throw RejectedRequestException.because(member + " is paused already: resume it.");
        }
        companion.endpoint().pause();
    }

    /** Resumes a companion. */
    public void resume(String member) {
        Companion companion = companion(member);
        if (!companion.endpoint().isPaused()) {
            throw RejectedRequestException.because(member + " is not paused: there is nothing to resume.");
        }
        companion.endpoint().resume();
    }

    /** Cuts the network: the second half of the members, at least one companion, can no longer be reached. */
    public void cut() {
        refuseIf(whyNoCut());
        if (network.isCut()) {
            throw RejectedRequestException.because("The network is cut already: heal it first.");
        }
        List<Companion> all = companions.all();
        int first = (all.size() + 1) / 2;
        Set<InetSocketAddress> side = all.subList(first, all.size()).stream()
                .map(companion -> companion.memberlist().localMember().address())
                .collect(Collectors.toSet());
        network.cut(side);
    }

    /** Heals the network: all members reach each other again. */
    public void heal() {
        refuseIf(whyNoCompanions());
        if (!network.isCut()) {
            throw RejectedRequestException.because("The network is connected: there is nothing to heal.");
        }
        network.heal();
    }

    /** @param percent how many of a hundred packets are lost, 0 to 100 */
    public void lose(int percent) {
        refuseIf(whyNoCompanions());
        if (percent < 0 || percent > 100) {
            throw RejectedRequestException.because(
                    "A loss of " + percent + " % is impossible: give a number from 0 to 100.");
        }
        network.lose(percent);
    }

    private Companion companion(String member) {
        return companions.find(member).orElseThrow(() -> {
            String why = String.valueOf(whyNot(member));
            boolean known = companions.truth(member) != Truth.ELSEWHERE
                    || companions.main().memberlist().member(member).isPresent();
            return known ? RejectedRequestException.because(why) : RejectedRequestException.unknown(why);
        });
    }

    private List<String> strangers() {
        return companions.main().memberlist().members().stream()
                .map(Member::name)
                .filter(name -> companions.truth(name) == Truth.ELSEWHERE)
                .sorted()
                .toList();
    }

    private static void refuseIf(@Nullable String reason) {
        if (reason != null) {
            throw RejectedRequestException.because(reason);
        }
    }
}
