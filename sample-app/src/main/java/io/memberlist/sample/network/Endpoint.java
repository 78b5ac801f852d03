package io.memberlist.sample.network;

import io.memberlist.config.MemberlistConfig;
import io.memberlist.transport.EventLoop;
import io.memberlist.transport.Transport;
import io.memberlist.transport.TransportFactory;
import io.memberlist.transport.netty.NettyTransportFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One member's place in the network: the real transport, made so that it can be hurt. Safe from any thread. */
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

    /** {@return where others find the member, null before it is there} */
    public @Nullable InetSocketAddress address() {
        return address;
    }

    /** Says where others find the member: with all addresses bound, the network cannot know. */
    public void advertise(InetSocketAddress advertised) {
        address = advertised;
    }

    /** The member stands still: it neither does nor answers anything, and knows nothing of it. */
    public void pause() {
        paused = true;
        onLoop(gate::shut);
    }

    /** The member goes on where it stood, with all that came in meanwhile. */
    public void resume() {
        paused = false;
        onLoop(gate::open);
    }

    /** {@return whether the member stands still} */
    public boolean isPaused() {
        return paused;
    }

    /** From now on nothing of the member reaches anybody: what is done to it afterwards is not noticed. */
    public void silence() {
        silent = true;
        network.remove(this);
    }

    boolean isSilent() {
        return silent;
    }

    private void onLoop(Runnable task) {
        EventLoop own = loop;
        if (own != null) {
            own.execute(task);
        }
    }
}
