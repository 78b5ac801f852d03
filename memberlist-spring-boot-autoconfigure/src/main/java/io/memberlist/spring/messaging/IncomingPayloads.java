package io.memberlist.spring.messaging;

import io.memberlist.messaging.message.ClusterMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Converts the payloads of messages that arrive, and logs those that cannot be converted. */
final class IncomingPayloads {
    private static final Logger log = LoggerFactory.getLogger(IncomingPayloads.class);

    /** The engine's own limit: one warning in this time about what other members can cause in any number. */
    private static final long QUIET_NANOS = 10_000_000_000L;

    private final ClusterMessageConverter converter;
    private boolean warned;
    private long warnedNanos;
    private long keptBack;

    IncomingPayloads(ClusterMessageConverter converter) {
        this.converter = converter;
    }

    /** @throws UnreadableException if the payload cannot be converted, which is logged by then */
    Object object(ClusterMessage message, Class<?> type) {
        try {
            return converter.toObject(message.payload(), message.headers(), type);
        } catch (RuntimeException e) {
            warn(message, type, e);
            throw new UnreadableException(e);
        }
    }

    /** Logs what other members cause, and may cause often: without the stack trace, and not one line for each message. */
    private synchronized void warn(ClusterMessage message, Class<?> type, RuntimeException failure) {
        log.debug("What could not be converted", failure);
        long now = System.nanoTime();
        if (warned && now - warnedNanos < QUIET_NANOS) {
            keptBack++;
            return;
        }
        long more = keptBack;
        warned = true;
        warnedNanos = now;
        keptBack = 0;
        log.warn(
                "A message of {} on topic '{}' cannot become a {}: {}{}",
                message.origin(),
                message.topic(),
                type.getName(),
                String.valueOf(failure).replaceAll("\\p{Cntrl}+", " "),
                more == 0 ? "" : " (" + more + " more like it since the last warning)");
    }

    /** Distinguishes a message that cannot be converted from a listener that fails. */
    static final class UnreadableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnreadableException(RuntimeException cause) {
            super(cause);
        }
    }
}
