package io.memberlist.transport.virtual;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * Decides what a {@link VirtualNetwork} does to packets and streams beside its own delay and loss. The network asks once for
 * each packet and each piece of a stream, in the order of sending, so that an implementation that draws from a seeded source
 * gives the same run again.
 */
public interface LinkFaults {
    /** A network without faults. */
    LinkFaults NONE = new LinkFaults() {};

    /** {@return what arrives of a packet: nothing if it is lost, several arrivals if it is duplicated} */
    default List<Arrival> packet(InetSocketAddress from, InetSocketAddress to, byte[] packet) {
        return List.of(new Arrival(0, packet));
    }

    /** {@return what happens to a piece of a stream, or to the attempt to open one} */
    default StreamFate stream(InetSocketAddress from, InetSocketAddress to) {
        return StreamFate.PASSES;
    }

    /**
     * One packet that arrives.
     *
     * @param extraDelayNanos added to the delay of the network
     * @param packet the bytes, perhaps not those that were sent
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Arrival(long extraDelayNanos, byte[] packet) {}

    /** What happens to a piece of a stream. */
    enum StreamFate {
        /** The piece arrives. */
        PASSES,
        /** Neither the piece nor anything after it arrives, and neither side is told. */
        STALLS,
        /** Both sides see the stream reset. */
        BREAKS,
        /** The attempt to open the stream is refused, as where nobody listens. Pieces of open streams arrive. */
        REFUSED
    }
}
