package io.memberlist.swim;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Notices that what others send to this member does not arrive, though they answer it: UDP to it is blocked, or the address that
 * it advertises leads somewhere else, so that pings and gossip go there. The others declare such a member dead and hear of it
 * again, over and over; here alone the reason can be seen. Used on the loop, except where a method says otherwise.
 *
 * <p>There are two signs. If streams alone are answered and no packet arrives at all, a few probes are enough. Otherwise
 * something arrives, as the acks that come back to where a ping came from. But each live member is pinged about once in a probe
 * interval by one of the others, so one that nobody pings for long does not count as a member. Only a ping ends either problem.
 */
final class ArrivalWatch {
    /** How many probes in a row must be answered by streams alone, with no packet from anybody meanwhile. */
    private static final int PROBES_WITHOUT_PACKET = 5;

    /** How many probes must be answered with no ping from anybody meanwhile: others may probe less often than this member. */
    private static final int PROBES_WITHOUT_PING = 60;

    private final Context context;
    private long packets;
    private int withoutPacket;
    private long pings;
    private int withoutPing;
    private volatile @Nullable Silence silence;

    ArrivalWatch(Context context) {
        this.context = context;
    }

    /**
     * That nothing arrives.
     *
     * @param pings how many pings had arrived before
     */
    private record Silence(long pings, String problem) {}

    /** A probe was answered, in whatever way. */
    void answered() {
        long now = context.counters().pingsReceived.sum();
        if (now != pings) {
            pings = now;
            withoutPing = 0;
        }
        withoutPing++;
        if (withoutPing == PROBES_WITHOUT_PING && problem().isEmpty()) {
            notice(LogEvent.NOBODY_PINGS, "others answer this member, and nobody pings it, so they take it for failed");
        }
    }

    /** A probe had no answer by a packet, but one over a stream. */
    void answeredByStreamOnly() {
        answered();
        long now = context.counters().packetsReceived.sum();
        if (now != packets) {
            packets = now;
            withoutPacket = 0;
        }
        withoutPacket++;
        if (withoutPacket == PROBES_WITHOUT_PACKET && problem().isEmpty()) {
            notice(LogEvent.NOTHING_ARRIVES, "others answer over TCP, but no packet of theirs arrives");
        }
    }

    private void notice(LogEvent event, String what) {
        String advertised = Addresses.text(
                Addresses.of(context.source().address(), context.source().port()));
        silence = new Silence(
                context.counters().pingsReceived.sum(),
                what + ": open UDP to this machine, or advertise another address ("
                        + context.config().settingName("network.advertiseAddress") + ") if " + advertised
                        + " does not lead to it");
        context.log().logSelf(event, advertised);
    }

    /** {@return why others cannot reach this member, and what to do, until somebody pings it} May be read from anywhere. */
    Optional<String> problem() {
        Silence last = silence;
        return last != null && context.counters().pingsReceived.sum() == last.pings
                ? Optional.of(last.problem)
                : Optional.empty();
    }
}
