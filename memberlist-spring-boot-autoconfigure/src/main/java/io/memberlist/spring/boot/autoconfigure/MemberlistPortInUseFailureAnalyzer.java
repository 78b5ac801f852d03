package io.memberlist.spring.boot.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains which port is taken and which property to change. */
class MemberlistPortInUseFailureAnalyzer extends AbstractFailureAnalyzer<MemberlistPortInUseException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, MemberlistPortInUseException cause) {
        return new FailureAnalysis(
                "The member could not be bound to port " + cause.port() + " at " + cause.address()
                        + " (memberlist.network.bind-port): the port is already in use for UDP or TCP.",
                "Stop the process that uses the port, or set memberlist.network.bind-port to another port, or to 0 for a free"
                        + " one. Without memberlist.network.bind-port a free port is picked when 7946 is taken.",
                cause);
    }
}
