package io.memberlist.benchmarks.weight;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** An application with an embedded member of Hazelcast, with its defaults but for the search by multicast. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class HazelcastApplication {
    public static void main(String[] arguments) throws Exception {
        Weight.measure(HazelcastApplication.class);
    }

    @Bean(destroyMethod = "shutdown")
    HazelcastInstance hazelcast() {
        Config config = new Config();
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        return Hazelcast.newHazelcastInstance(config);
    }
}
