package io.memberlist.interop;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Keeps the warnings and errors of the one Java node of that name. */
final class JavaLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.memberlist");
    private final AwaitableList<String> complaints = new AwaitableList<>();
    private final String prefix;

    private JavaLog(String node) {
        this.prefix = node + ": ";
    }

    /** Keeps lines from now on, until it is closed. */
    static JavaLog of(String node) {
        JavaLog log = new JavaLog(node);
        log.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
        log.start();
        log.logger.addAppender(log);
        return log;
    }

    List<String> complaints() {
        return complaints.snapshot();
    }

    @Override
    protected void append(ILoggingEvent event) {
        String line = event.getFormattedMessage();
        if (event.getLevel().isGreaterOrEqual(Level.WARN) && line.startsWith(prefix)) {
            complaints.add(line);
        }
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        stop();
    }
}
