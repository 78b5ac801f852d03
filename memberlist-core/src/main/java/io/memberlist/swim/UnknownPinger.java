package io.memberlist.swim;

import io.memberlist.transport.Recipient;
import io.memberlist.wire.Message.Ping;
import io.memberlist.wire.Message.Source;
import java.net.InetSocketAddress;

/**
 * Exchanges state with a member whose ping shows that it knows this one, while this one knows nobody. This member was
 * restarted then, faster than others could notice, and its seeds may lead to nobody but itself. Without this it would be
 * found by the next push/pull only. It acts only once the application has called join: before that, the member takes part
 * in no cluster.
 *
 * <p>Anybody can forge a ping, so there is one exchange at a time, and begun at most once a second.
 */
final class UnknownPinger {
    private static final long PAUSE_NANOS = 1_000_000_000L;

    private final Context context;
    private final LocalMember local;
    private final Rejoin rejoin;
    private final Seeds seeds;
    private long nextNanos;
    private boolean underWay;

    UnknownPinger(Context context, LocalMember local, Rejoin rejoin, Seeds seeds) {
        this.context = context;
        this.local = local;
        this.rejoin = rejoin;
        this.seeds = seeds;
        this.nextNanos = context.loop().nanoTime();
    }

    /** A member has sent a ping for this one. */
    void pinged(Ping ping) {
        Source source = ping.source();
        long now = context.loop().nanoTime();
        if (source == null
                || context.table().live() > 1
                || local.left()
                || seeds.isEmpty()
                || underWay
                || now - nextNanos < 0
                || source.node().equals(context.self())
                || !ping.node().equals(context.self())
                || !Addresses.valid(source.address(), source.port())) {
            return;
        }
        InetSocketAddress address = Addresses.of(source.address(), source.port());
        if (!Addresses.ofOneMachine(address.getAddress()) || !context.allows(address.getAddress())) {
            return;
        }
        underWay = true;
        nextNanos = now + PAUSE_NANOS;
        rejoin.with(new Recipient(address, source.node()), (nothing, failure) -> {
            underWay = false;
            if (failure != null) {
                context.log()
                        .debug(
                                "pinged by {} at {}, which cannot be joined: {}",
                                source.node(),
                                Addresses.text(address),
                                failure.getMessage());
            }
        });
    }
}
