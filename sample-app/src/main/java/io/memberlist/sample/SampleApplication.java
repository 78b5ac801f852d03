package io.memberlist.sample;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The starter makes this application a member; {@code application.yml} names the cluster. Nothing else is needed. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class SampleApplication {
    private static final Logger log = LoggerFactory.getLogger(SampleApplication.class);

    /** @param args {@code --memberlist.*} and all options of Spring Boot */
    public static void main(String[] args) {
        SpringApplication.run(SampleApplication.class, args);
    }

    @EventListener
    void serving(WebServerInitializedEvent event) {
        if (event.getApplicationContext().getServerNamespace() != null) {
            return; // the server of Actuator, if that has a port of its own
        }
        log.info("See the cluster at http://localhost:{}/", event.getWebServer().getPort());
    }
}
