package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.Memberlist;
import io.memberlist.simulator.fuzz.check.Observation;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The application of one process: it joins the others, leaves them, comes back, and changes its metadata. */
final class Application {
    private static final long JOIN_AGAIN_NANOS = Duration.ofSeconds(3).toNanos();
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(3);

    private final SimulatedCluster cluster;
    private final Node node;
    private final NodeProcess process;
    /** The member whose seeds are being asked. */
    private @Nullable Memberlist joining;

    private boolean left;
    private byte[] meta = new byte[0];

    Application(SimulatedCluster cluster, Node node, NodeProcess process) {
        this.cluster = cluster;
        this.node = node;
        this.process = process;
    }

    boolean left() {
        return left;
    }

    byte[] meta() {
        return meta;
    }

    /** Sets the metadata that the process starts with. */
    void meta(byte[] first) {
        meta = first;
    }

    void updateMeta(byte[] newMeta) {
        Memberlist member = process.member();
        if (member != null && !left) {
            meta = newMeta;
            member.updateMeta(newMeta, LEAVE_TIMEOUT);
        }
    }

    /** Leaves, and runs the action when the others were notified. */
    void leave(Runnable after) {
        Memberlist member = process.member();
        if (member == null || left) {
            return;
        }
        left = true;
        cluster.observe(new Observation.Leaving(process.id(), true));
        member.leave(LEAVE_TIMEOUT).whenComplete((done, failure) -> {
            if (process.runs()) {
                after.run();
            }
        });
    }

    /** Joins again after having left. */
    void comeBack() {
        if (process.member() != null && left) {
            left = false;
            cluster.observe(new Observation.Leaving(process.id(), false));
            join();
        }
    }

    /**
     * Joins as an application does: once, through seeds of which some may not be up yet. The engine asks them again for as
     * long as it lives, or the application does so until it has found them.
     */
    void join() {
        Memberlist member = process.member();
        if (left || member == null) {
            return;
        }
        if (cluster.settings.engineAsksSeedsAgain) {
            member.join(cluster.seeds());
        } else if (joining != member) {
            joining = member;
            joinUntilAllAreReached(member);
        }
    }

    /** Joins again later, and not beside another attempt: their number would grow for as long as a seed is missing. */
    private void joinAgain(Memberlist member) {
        cluster.time.schedule(JOIN_AGAIN_NANOS, () -> {
            if (joining == member) {
                joining = null;
            }
            join();
        });
    }

    /** Joins until a node was reached, and every running seed was reached once, as an application of the Go library does. */
    private void joinUntilAllAreReached(Memberlist member) {
        Set<String> wanted = cluster.addressesOfSeeds(node);
        if (wanted.isEmpty()) {
            // There is no other node yet: come back if the node had left, and look for others later.
            member.join(List.of());
            joinAgain(member);
            return;
        }
        member.join(List.copyOf(new TreeSet<>(wanted))).whenComplete((result, failure) -> {
            Set<String> reached = result == null ? Set.of() : Set.copyOf(result.reached());
            Set<String> missing = new HashSet<>(wanted);
            missing.retainAll(cluster.runningBut(node));
            missing.removeAll(reached);
            if (reached.isEmpty() || !missing.isEmpty()) {
                joinAgain(member);
            } else if (joining == member) {
                joining = null;
            }
        });
    }
}
