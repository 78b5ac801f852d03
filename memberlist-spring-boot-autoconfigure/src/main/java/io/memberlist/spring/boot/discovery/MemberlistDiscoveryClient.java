package io.memberlist.spring.boot.discovery;

import io.memberlist.spring.discovery.ClusterServices;
import java.util.List;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;

/** Answers from {@link ClusterServices}. Does not block. */
public class MemberlistDiscoveryClient implements DiscoveryClient {
    private final ClusterServices services;

    /** @param services finds the instances */
    public MemberlistDiscoveryClient(ClusterServices services) {
        this.services = services;
    }

    @Override
    public String description() {
        return "memberlist";
    }

    @Override
    public List<ServiceInstance> getInstances(String serviceId) {
        return services.instances(serviceId).stream()
                .<ServiceInstance>map(MemberServiceInstance::new)
                .toList();
    }

    @Override
    public List<String> getServices() {
        return services.services();
    }
}
