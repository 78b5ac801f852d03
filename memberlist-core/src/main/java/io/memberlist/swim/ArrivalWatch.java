package io.memberlist.swim;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Notices that no packet arrives at this member, though others answer it over streams: UDP to it is blocked, or the address
 * that it advertises leads somewhere else, so that acks and gossip go there. The others declare such a member dead and hear
 * of it again, over and over; here alone the reason can be seen. Used on the loop, except where a method says otherwise.
 */
final class ArrivalWatch {
    /** How many probes in a row must be answered by streams alone, with no packet from anybody meanwhile. */
    private static final int PROBES = 5;

    private final Context context;
    private long received;
    private int silentProbes;
    private volatile @Nullable Silence silence;

    ArrivalWatch(Context context) {
        this.context = context;
    }

    /**
     * That nothing arrives.
     *
     * @param received how many packets had arrived before
     */
    private record Silence(long received, String problem) {}

    /** A probe had no answer by a packet, but one over a stream. */
    void answeredByStreamOnly() {
        long now = context.counters().packetsReceived.sum();
        if (now != received) {
            received = now;
            silentProbes = 0;
        }
        silentProbes++;
        if (silentProbes == PROBES) {
            String advertised = Addresses.text(
                    Addresses.of(context.source().address(), context.source().port()));
            silence = new Silence(
                    received,
                    "others answer over TCP, but no packet of theirs arrives: open UDP to this machine, or advertise another"
                            + " address if " + advertised + " does not lead to it");
            context.log().logSelf(LogEvent.NOTHING_ARRIVES, advertised);
        }
    }

    /** {@return why others cannot reach this member, and what to do, until a packet arrives} May be read from anywhere. */
    Optional<String> problem() {
        Silence last = silence;
        return last != null && context.counters().packetsReceived.sum() == last.received
                ? Optional.of(last.problem)
                : Optional.empty();
    }
}
