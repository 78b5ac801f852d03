package io.memberlist.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.Memberlist;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Whether the JVM of an application without a web server ends when its work is done. */
class KeepAliveIT {
    @Test
    void aJobEndsAndItsMemberLeaves() throws IOException, InterruptedException {
        Process job = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Job.class.getName(),
                        "--memberlist.keep-alive=false",
                        "--memberlist.profile=local",
                        "--memberlist.network.bind-address=127.0.0.1",
                        "--memberlist.network.bind-port=0",
                        "--logging.level.root=off")
                .redirectErrorStream(true)
                .start();
        try {
            boolean ended = job.waitFor(2, TimeUnit.MINUTES);
            String output =
                    ended ? new String(job.getInputStream().readAllBytes(), StandardCharsets.UTF_8) : "it goes on";
            assertThat(ended).as(output).isTrue();
            assertThat(job.exitValue()).as(output).isZero();
            assertThat(output).contains("the work is done", "left: true");
        } finally {
            job.destroyForcibly();
        }
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Job {
        public static void main(String[] arguments) {
            SpringApplication application = new SpringApplication(Job.class);
            application.setWebApplicationType(WebApplicationType.NONE);
            application.run(arguments);
        }

        private static void report(Memberlist member) {
            try {
                while (member.isRunning()) {
                    Thread.sleep(50);
                }
                System.out.println("left: " + member.hasLeft());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Bean
        CommandLineRunner work(Memberlist member) {
            return arguments -> {
                System.out.println("the work is done");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> report(member)));
            };
        }
    }
}
