package io.memberlist.messaging.outbox;

/** So many packets a second, and a tenth of a second's worth at once: a token bucket kept as one moment in time. */
public final class PacketBudget {
    private static final long SECOND = 1_000_000_000L;
    private static final long BURST_NANOS = SECOND / 10;
    private static final int LEAST_BURST = 16;

    private final long nanosPerPacket;
    private final long burstNanos;
    private long paidUntil;

    PacketBudget(int packetsPerSecond, long now) {
        nanosPerPacket = Math.max(1, SECOND / packetsPerSecond);
        burstNanos = Math.max(BURST_NANOS, LEAST_BURST * nanosPerPacket);
        paidUntil = now - burstNanos;
    }

    /** {@return how many packets may be sent now} */
    int available(long now) {
        long begin = Math.max(paidUntil, now - burstNanos);
        return (int) Math.min(Integer.MAX_VALUE, (now - begin) / nanosPerPacket);
    }

    void spend(long now, int packets) {
        paidUntil = Math.max(paidUntil, now - burstNanos) + packets * nanosPerPacket;
    }

    /** {@return nanoseconds until so many may be sent} */
    long nanosUntil(long now, int packets) {
        return Math.max(1, paidUntil + packets * nanosPerPacket - now);
    }
}
