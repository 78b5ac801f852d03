package io.memberlist.spring.boot.discovery;

import io.memberlist.spring.discovery.ServiceMember;
import java.net.URI;
import org.springframework.cloud.client.DefaultServiceInstance;

/** A member as an instance in Spring Cloud, whose host may be an IPv6 address. */
final class MemberServiceInstance extends DefaultServiceInstance {
    private final ServiceMember instance;

    MemberServiceInstance(ServiceMember instance) {
        super(
                instance.member().name(),
                instance.service(),
                instance.host(),
                instance.port(),
                instance.secure(),
                instance.metadata());
        this.instance = instance;
    }

    @Override
    public String getScheme() {
        return instance.scheme();
    }

    @Override
    public URI getUri() {
        return instance.uri();
    }
}
