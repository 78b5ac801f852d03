package io.memberlist.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/**
 * The starter makes this application a member; {@code application.yml} says of which cluster. Nothing else is needed.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class SampleApplication {
    /** @param args {@code --memberlist.*} and everything else Spring Boot understands */
    public static void main(String[] args) {
        SpringApplication.run(SampleApplication.class, args);
    }
}
