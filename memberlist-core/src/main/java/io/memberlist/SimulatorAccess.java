package io.memberlist;

import io.memberlist.swim.LifeguardSwitches;
import io.memberlist.swim.SwimNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What a simulator may do and an application must not: it is no part of the API, and may change or go at any time. Only
 * for members that live in virtual time, where everything happens on one thread.
 */
public final class SimulatorAccess {
    private SimulatorAccess() {}

    /** Starts a member with some of Lifeguard's parts switched off. */
    public static CompletableFuture<Memberlist> createAsync(MemberlistConfig config, LifeguardSwitches switches) {
        return Launch.start(config, switches);
    }

    /**
     * Lets members know one another at once, as if all of them had been alive for long: no news is gossiped, and no
     * callback hears of it. What they know is shared between them where it does not change.
     *
     * @param members running members in virtual time, none of which knows another yet
     */
    public static void acquaint(List<Memberlist> members) {
        List<SwimNode> nodes = new ArrayList<>(members.size());
        for (Memberlist member : members) {
            nodes.add(((DefaultMemberlist) member).node());
        }
        nodes.forEach(node -> node.acquaint(nodes));
    }
}
