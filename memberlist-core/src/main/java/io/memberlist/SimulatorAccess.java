package io.memberlist;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.swim.LifeguardSwitches;
import io.memberlist.swim.ResourceUsage;
import io.memberlist.swim.SwimNode;
import io.memberlist.wire.NonceSource;
import io.memberlist.wire.WireFormat;
import java.security.SecureRandom;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * What a simulator may do and an application must not: it is no part of the API, and may change or go at any time. Only
 * for members that live in virtual time, where everything happens on one thread.
 */
public final class SimulatorAccess {
    private SimulatorAccess() {}

    /** Starts a member with some of Lifeguard's parts switched off. */
    public static CompletableFuture<Memberlist> createAsync(MemberlistConfig config, LifeguardSwitches switches) {
        return Launch.start(config, switches, new SecureRandom()::nextBytes);
    }

    /** Starts a member whose encrypted bytes are the same in every run, for which nonces must not be chosen by chance. */
    public static CompletableFuture<Memberlist> createAsync(MemberlistConfig config, NonceSource nonces) {
        return Launch.start(config, LifeguardSwitches.ALL, nonces);
    }

    /** {@return how a member with this configuration dresses its messages, for those who listen in} */
    public static WireFormat wireFormat(MemberlistConfig config) {
        return Launch.wireFormat(config);
    }

    /** {@return a number that has risen whenever what the member knows of others has changed} */
    public static long revision(Memberlist member) {
        return ((DefaultMemberlist) member).node().table().revision();
    }

    /** {@return how much the member holds that must not grow without bound} */
    public static ResourceUsage resourceUsage(Memberlist member) {
        return ((DefaultMemberlist) member).node().resourceUsage();
    }

    /**
     * {@return how many nanoseconds are left until a suspected member is declared dead, unless further members confirm the
     * suspicion; empty if it is not suspected} Called on the event loop of the member that suspects.
     */
    public static OptionalLong suspicionNanosLeft(Memberlist member, String suspect) {
        return ((DefaultMemberlist) member).node().suspicionNanosLeft(suspect);
    }

    /**
     * Lets members know one another at once, as if all of them had been alive for long: no news is gossiped, and no
     * callback hears of it. What they know is shared between them where it does not change.
     *
     * @param members running members in virtual time, none of which knows another yet
     */
    public static void preload(List<Memberlist> members) {
        List<SwimNode> nodes = members.stream()
                .map(member -> ((DefaultMemberlist) member).node())
                .toList();
        nodes.forEach(node -> node.preload(nodes));
    }
}
