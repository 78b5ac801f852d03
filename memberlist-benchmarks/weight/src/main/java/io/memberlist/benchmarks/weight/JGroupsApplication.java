package io.memberlist.benchmarks.weight;

import org.jgroups.JChannel;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** An application with a channel of JGroups, with its default stack. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class JGroupsApplication {
    public static void main(String[] arguments) throws Exception {
        Weight.measure(JGroupsApplication.class);
    }

    @Bean
    JChannel jgroups() throws Exception {
        return new JChannel().connect("weight");
    }
}
