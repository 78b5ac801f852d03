package io.memberlist.spring.messaging;

import io.memberlist.logging.ThrottledLog;
import io.memberlist.messaging.message.ClusterMessage;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Converts the payloads of messages that arrive, and logs those that cannot be converted. */
final class IncomingPayloads {
    private final ThrottledLog log = new ThrottledLog(LoggerFactory.getLogger(IncomingPayloads.class));

    private final ClusterMessageConverter converter;

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

    /** Logs what other members cause: without the stack trace. */
    private void warn(ClusterMessage message, Class<?> type, RuntimeException failure) {
        log.log(Level.DEBUG, type, "What could not be converted", failure);
        log.log(
                Level.WARN,
                // One type must not hide another that is sent by the same member.
                type,
                "A message of {} on topic '{}' cannot become a {}: {}",
                message.origin(),
                message.topic(),
                type.getName(),
                failure.toString());
    }

    /** Distinguishes a message that cannot be converted from a listener that fails. */
    static final class UnreadableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnreadableException(RuntimeException cause) {
            super(cause);
        }
    }
}
