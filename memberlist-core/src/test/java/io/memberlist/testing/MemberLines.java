package io.memberlist.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Keeps what the one member of that name logs at INFO and above. */
public final class MemberLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.memberlist");
    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
    private final String prefix;

    private MemberLines(String member) {
        this.prefix = member + ": ";
    }

    /** Keeps lines from now on, until it is closed. */
    public static MemberLines of(String member) {
        MemberLines lines = new MemberLines(member);
        lines.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
        lines.start();
        lines.logger.addAppender(lines);
        return lines;
    }

    /** {@return all lines, without the name of the member} */
    public List<String> all() {
        return texts(Level.INFO);
    }

    /** {@return the warnings and errors, without the name of the member} */
    public List<String> complaints() {
        return texts(Level.WARN);
    }

    private List<String> texts(Level level) {
        return events.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(level))
                .map(event -> event.getFormattedMessage().substring(prefix.length()))
                .toList();
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.INFO)
                && event.getFormattedMessage().startsWith(prefix)) {
            events.add(event);
        }
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        stop();
    }
}
