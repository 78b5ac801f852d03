package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.mock.env.MockEnvironment;

class WebServerPortFailureAnalyzerTest {
    private final MockEnvironment environment = new MockEnvironment();
    private final WebServerPortFailureAnalyzer analyzer = new WebServerPortFailureAnalyzer(environment);

    @Test
    void saysThatTheApplicationsOwnMemberHasThePort() {
        environment.setProperty("memberlist.network.bind-port", "8080");

        FailureAnalysis analysis = analyzer.analyze(new PortInUseException(8080));

        assertThat(analysis.getDescription())
                .contains("port 8080")
                .contains("the member of this application (memberlist.network.bind-port)");
        assertThat(analysis.getAction())
                .contains("Set memberlist.network.bind-port")
                .doesNotContain("stop the process");
    }

    @Test
    void knowsTheDefaultPort() {
        assertThat(analyzer.analyze(new PortInUseException(7946)).getDescription())
                .contains("memberlist.network.bind-port, by default");
    }

    @Test
    void leavesOtherPortsToSpringBoot() {
        assertThat(analyzer.analyze(new PortInUseException(8080))).isNull();
        environment.setProperty("memberlist.enabled", "false");
        assertThat(analyzer.analyze(new PortInUseException(7946))).isNull();
    }
}
