package io.memberlist.spring.discovery;

import io.memberlist.Memberlist;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the instances of services among the live members, this one included. It answers at once from what this member
 * knows and does not use the network. A member that crashed is an instance until its failure is detected. Safe from any
 * thread.
 *
 * <pre>{@code
 * List<ServiceMember> all = services.instances("orders");
 * URI one = all.get(ThreadLocalRandom.current().nextInt(all.size())).uri();
 * }</pre>
 */
public class ClusterServices {
    private final Memberlist memberlist;

    /** @param memberlist whose view of the cluster is used */
    public ClusterServices(Memberlist memberlist) {
        this.memberlist = memberlist;
    }

    /**
     * {@return the instances of a service; empty if there are none}
     *
     * @param service the name of the service: {@code spring.application.name} of its applications, unless they set another
     */
    public List<ServiceMember> instances(String service) {
        return instances()
                .filter(instance -> service.equals(instance.service()))
                .toList();
    }

    /** {@return the names of all services that have an instance, in their order} */
    public List<String> services() {
        return instances().map(ServiceMember::service).distinct().sorted().toList();
    }

    private Stream<ServiceMember> instances() {
        return memberlist.members().stream().map(ServiceMember::of).flatMap(Optional::stream);
    }
}
