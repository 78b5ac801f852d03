package io.memberlist.simulator.fuzz.cluster;

import java.time.Duration;

/**
 * The operator of the cluster. After the faults he does what no member does by itself: he starts a seed where none runs. In a
 * cluster whose engine does not ask its seeds again, he lets applications join once more.
 */
final class Operator {
    private static final long LOOK_NANOS = Duration.ofSeconds(30).toNanos();

    private final SimulatedCluster cluster;
    private boolean looking;

    Operator(SimulatedCluster cluster) {
        this.cluster = cluster;
    }

    /** Begins, or begins again after a partition of hours. */
    void faultsHaveEnded() {
        if (cluster.settings.engineAsksSeedsAgain) {
            if (cluster.seedNodes().noneMatch(Node::takesPart)) {
                cluster.seedNodes().findFirst().ifPresent(Node::startAgain);
            }
            return;
        }
        // Two that moved while they were cut off from each other know no address at which the other still is.
        cluster.nodes.stream()
                .filter(node -> node.hasMoved() && !takesOthersForLeft(node))
                .forEach(node -> node.process().application().join());
        if (!looking) {
            looking = true;
            leadBack();
        }
    }

    /**
     * Nobody looks for a member that has left, in the Go library neither, so nothing leads back to one of which a liar has
     * said so. Each side may have to refute, so one join is not always enough. Members that are taken for failed are left to
     * the engine, which must find them.
     */
    private void leadBack() {
        cluster.nodes.stream()
                .filter(this::takesOthersForLeft)
                .forEach(node -> node.process().application().join());
        cluster.time.schedule(LOOK_NANOS, this::leadBack);
    }

    private boolean takesOthersForLeft(Node node) {
        MemberView view = node.process().view();
        return node.takesPart()
                && cluster.nodes.stream().anyMatch(other -> other.takesPart() && view.believesLeft(other.name));
    }
}
