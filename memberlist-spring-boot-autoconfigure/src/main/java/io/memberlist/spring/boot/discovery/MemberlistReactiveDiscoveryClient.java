package io.memberlist.spring.boot.discovery;

import io.memberlist.spring.discovery.ClusterServices;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import reactor.core.publisher.Flux;

/** The same as {@link MemberlistDiscoveryClient} for reactive applications. Neither blocks. */
public class MemberlistReactiveDiscoveryClient implements ReactiveDiscoveryClient {
    private final MemberlistDiscoveryClient client;

    /** @param services finds the instances */
    public MemberlistReactiveDiscoveryClient(ClusterServices services) {
        this.client = new MemberlistDiscoveryClient(services);
    }

    @Override
    public String description() {
        return client.description();
    }

    @Override
    public Flux<ServiceInstance> getInstances(String serviceId) {
        return Flux.defer(() -> Flux.fromIterable(client.getInstances(serviceId)));
    }

    @Override
    public Flux<String> getServices() {
        return Flux.defer(() -> Flux.fromIterable(client.getServices()));
    }
}
