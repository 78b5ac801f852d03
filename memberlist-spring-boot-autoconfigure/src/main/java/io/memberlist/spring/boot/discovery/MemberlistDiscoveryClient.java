package io.memberlist.spring.boot.discovery;

import io.memberlist.Memberlist;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;

/**
 * Finds the instances of a service among the live members, by their {@linkplain ServiceTags tags}. It answers from what this
 * member knows and does not use the network.
 */
public class MemberlistDiscoveryClient implements DiscoveryClient {
    private final Memberlist memberlist;

    /** @param memberlist whose view of the cluster is used */
    public MemberlistDiscoveryClient(Memberlist memberlist) {
        this.memberlist = memberlist;
    }

    @Override
    public String description() {
        return "memberlist";
    }

    @Override
    public List<ServiceInstance> getInstances(String serviceId) {
        return instances()
                .filter(instance -> serviceId.equals(instance.getServiceId()))
                .toList();
    }

    @Override
    public List<String> getServices() {
        return instances()
                .map(ServiceInstance::getServiceId)
                .distinct()
                .sorted()
                .toList();
    }

    private Stream<ServiceInstance> instances() {
        return memberlist.members().stream().map(ServiceTags::instance).flatMap(Optional::stream);
    }
}
