package io.memberlist.benchmarks.weight;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/** An application as a member, with the starter's defaults. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class MemberlistApplication {
    public static void main(String[] arguments) throws Exception {
        Weight.measure(MemberlistApplication.class);
    }
}
