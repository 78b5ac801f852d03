package io.memberlist.benchmarks.weight;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/** An application without a cluster. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class PlainApplication {
    public static void main(String[] arguments) throws Exception {
        Weight.measure(PlainApplication.class);
    }
}
