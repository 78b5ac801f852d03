package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.delegate.StateDelegate;
import io.memberlist.simulator.fuzz.check.Observation;
import java.util.random.RandomGenerator;

/** The user state of one process, which push/pulls carry. */
final class ApplicationState implements StateDelegate {
    private final SimulatedCluster cluster;
    private final String process;
    private final byte[] state;

    ApplicationState(SimulatedCluster cluster, String process) {
        this.cluster = cluster;
        this.process = process;
        RandomGenerator random = cluster.scenario.source("state " + process);
        this.state = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(1, 3000)];
        random.nextBytes(state);
        cluster.observe(new Observation.UserMessageSent(process, state));
    }

    @Override
    public byte[] localState(boolean join) {
        return state;
    }

    @Override
    public void mergeRemoteState(byte[] remote, boolean join) {
        cluster.observe(new Observation.UserMessageReceived(process, remote));
    }
}
