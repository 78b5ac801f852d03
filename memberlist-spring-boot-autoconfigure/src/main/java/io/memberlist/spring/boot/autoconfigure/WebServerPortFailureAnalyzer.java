package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.config.NetworkConfig;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Explains that the web server wants the port of this application's own member, which is bound first. Spring Boot's analyzer,
 * before which this one runs, would advise to stop the process that listens there.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class WebServerPortFailureAnalyzer extends AbstractFailureAnalyzer<PortInUseException> {
    private static final String PROPERTY = "memberlist.network.bind-port";

    private final Environment environment;

    WebServerPortFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, PortInUseException cause) {
        boolean member = environment.getProperty("memberlist.enabled", Boolean.class, true);
        int port = environment.getProperty(PROPERTY, Integer.class, NetworkConfig.DEFAULT_PORT);
        return !member || port != cause.getPort()
                ? null
                : new FailureAnalysis(
                        "The web server cannot listen at port " + port
                                + ", which belongs to the member of this application (" + PROPERTY
                                + (environment.containsProperty(PROPERTY) ? "" : ", by default") + ").",
                        "Set " + PROPERTY + ", or server.port and management.server.port, to another port. Members use "
                                + NetworkConfig.DEFAULT_PORT + " by default.",
                        cause);
    }
}
