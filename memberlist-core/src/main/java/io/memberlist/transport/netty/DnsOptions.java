package io.memberlist.transport.netty;

import java.util.concurrent.TimeUnit;

/**
 * How name servers are asked: the options of {@code /etc/resolv.conf} that matter for seeds, with the bounds of the C
 * library.
 *
 * @param ndots a name with fewer dots than this is tried with the search domains first
 * @param timeoutNanos how long one server may take to answer
 * @param attempts how often each server is asked
 * @param rotate whether look-ups begin with different servers
 * @param useTcp whether to ask over TCP only
 * @param oneAtATime whether the second family of addresses is asked for only when the first is answered
 * @param withoutAaaa whether IPv6 addresses are not asked for
 */
record DnsOptions(
        int ndots,
        long timeoutNanos,
        int attempts,
        boolean rotate,
        boolean useTcp,
        boolean oneAtATime,
        boolean withoutAaaa) {
    static final DnsOptions DEFAULT = new DnsOptions(1, TimeUnit.SECONDS.toNanos(5), 2, false, false, false, false);

    private static final int MAX_NDOTS = 15;
    private static final int MAX_TIMEOUT_SECONDS = 30;
    private static final int MAX_ATTEMPTS = 5;

    /** {@return these options, changed by one word of an options line; unknown words change nothing} */
    DnsOptions with(String word) {
        int colon = word.indexOf(':');
        String name = colon < 0 ? word : word.substring(0, colon);
        String digits = colon < 0 ? "" : word.substring(colon + 1);
        int number = digits.matches("\\d{1,3}") ? Integer.parseInt(digits) : -1;
        return switch (name) {
            case "ndots" -> number < 0 ? this : ndots(Math.min(MAX_NDOTS, number));
            case "timeout" -> number < 1 ? this : timeout(Math.min(MAX_TIMEOUT_SECONDS, number));
            case "attempts" -> number < 1 ? this : attempts(Math.min(MAX_ATTEMPTS, number));
            case "rotate" -> new DnsOptions(ndots, timeoutNanos, attempts, true, useTcp, oneAtATime, withoutAaaa);
            case "use-vc" -> new DnsOptions(ndots, timeoutNanos, attempts, rotate, true, oneAtATime, withoutAaaa);
            case "single-request" -> new DnsOptions(ndots, timeoutNanos, attempts, rotate, useTcp, true, withoutAaaa);
            case "no-aaaa" -> new DnsOptions(ndots, timeoutNanos, attempts, rotate, useTcp, oneAtATime, true);
            default -> this;
        };
    }

    private DnsOptions ndots(int dots) {
        return new DnsOptions(dots, timeoutNanos, attempts, rotate, useTcp, oneAtATime, withoutAaaa);
    }

    private DnsOptions timeout(int seconds) {
        long nanos = TimeUnit.SECONDS.toNanos(seconds);
        return new DnsOptions(ndots, nanos, attempts, rotate, useTcp, oneAtATime, withoutAaaa);
    }

    private DnsOptions attempts(int times) {
        return new DnsOptions(ndots, timeoutNanos, times, rotate, useTcp, oneAtATime, withoutAaaa);
    }
}
