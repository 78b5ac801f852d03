package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.simulator.fuzz.check.Observation;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A node: one name and one host, on which processes of the real engine follow each other. */
final class Node {
    final int index;
    final String name;
    private final SimulatedCluster cluster;
    private NodeProcess process;
    private int processes;
    private InetSocketAddress address;
    private InetSocketAddress formerAddress;
    private long callbackNanos;

    Node(SimulatedCluster cluster, int index) {
        this.cluster = cluster;
        this.index = index;
        this.name = "n" + index;
        this.process = new NodeProcess(cluster, this, name + "#0");
        this.address = SimulatedCluster.address(index, 0);
        this.formerAddress = address;
    }

    /** {@return the process that runs, or the last one; before the first start, one that never runs} */
    NodeProcess process() {
        return process;
    }

    boolean runs() {
        return process.runs();
    }

    /** {@return whether a process runs and has not left} */
    boolean takesPart() {
        return runs() && !process.application().left();
    }

    InetSocketAddress address() {
        return address;
    }

    /** {@return the last address that it had before the present one} */
    InetSocketAddress formerAddress() {
        return formerAddress;
    }

    /** {@return whether it is at another address than at first} */
    boolean hasMoved() {
        return !address.equals(SimulatedCluster.address(index, 0));
    }

    /** {@return how long each callback of the application takes} */
    long callbackNanos() {
        return callbackNanos;
    }

    void callbacksTake(Duration time) {
        callbackNanos = time.toNanos();
    }

    /** Starts a process unless one runs. */
    void start(int host) {
        if (runs()) {
            return;
        }
        processes++;
        moveTo(SimulatedCluster.address(index, host));
        process = new NodeProcess(cluster, this, name + "#" + processes);
        process.start(new byte[] {(byte) index, (byte) processes});
    }

    /** Replaces the process, or starts one. */
    void startAgain() {
        process.crash();
        start(0);
    }

    /** Gives the host another address while its process runs. Nothing reaches it at the former one any more. */
    void changeAddress(int host) {
        InetSocketAddress former = address;
        boolean calm = takesPart() && cluster.quiescence.isCalm();
        moveTo(SimulatedCluster.address(index, host));
        if (!address.equals(former)) {
            cluster.network.move(former, address.getAddress());
            cluster.observe(new Observation.AddressChanged(process.id(), name, former, address));
            if (calm) {
                cluster.addressSpread.begin(this);
            }
        }
    }

    private void moveTo(InetSocketAddress newAddress) {
        if (!newAddress.equals(address)) {
            formerAddress = address;
            address = newAddress;
        }
    }
}
