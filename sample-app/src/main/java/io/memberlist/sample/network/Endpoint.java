package io.memberlist.sample.network;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportFactory;
import io.memberlist.transport.netty.NettyTransportFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The endpoint of one member in the network: the real transport with injected faults. Safe for use by multiple threads.
 */
public final class Endpoint implements TransportFactory {
    private final FaultInjectingNetwork network;
    private final PacketTap watcher;
    private final PauseGate gate = new PauseGate();
    private volatile @Nullable InetSocketAddress address;
    private volatile @Nullable EventLoop loop;
    private volatile boolean paused;
    private volatile boolean silent;

    Endpoint(FaultInjectingNetwork network, MemberlistConfig config) {
        this.network = network;
        this.watcher = new PacketTap(config, network::watched);
    }

    @Override
    public CompletableFuture<Transport> open(InetSocketAddress bind) {
        return NettyTransportFactory.shared().open(bind).thenApply(transport -> {
            address = transport.boundAddress();
            loop = transport.eventLoop();
            return new FaultInjectingTransport(network, this, transport, gate, watcher);
        });
    }

    /** {@return the address of the member, null before it is bound} */
    public @Nullable InetSocketAddress address() {
        return address;
    }

    /** Sets the address of the member, which the network cannot know if all addresses are bound. */
    public void advertise(InetSocketAddress advertised) {
        address = advertised;
    }

    /** Pauses the member: it neither acts nor answers, and does not notice. */
    public void pause() {
        paused = true;
        onLoop(gate::shut);
    }

    /** Resumes the member, with everything that arrived in the meantime. */
    public void resume() {
        paused = false;
        onLoop(gate::open);
    }

    /** {@return whether the member is paused} */
    public boolean isPaused() {
        return paused;
    }

    /** Silences the member: nothing from it reaches others any more, so they do not notice its shutdown. */
    public void silence() {
        silent = true;
        network.remove(this);
    }

    boolean isSilent() {
        return silent;
    }

    /** Executes a task on the event loop of the member, also while the member is paused. */
    public void onLoop(Runnable task) {
        EventLoop own = loop;
        if (own != null) {
            own.execute(task);
        }
    }
}
