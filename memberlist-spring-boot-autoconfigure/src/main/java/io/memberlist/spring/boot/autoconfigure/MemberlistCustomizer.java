package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.config.MemberlistConfigBuilder;

/**
 * A bean of this type has the last word on the configuration of the member: it is called after the properties were
 * applied and the delegates set. Several are called in their order.
 */
@FunctionalInterface
public interface MemberlistCustomizer {
    /** @param builder the configuration made from the properties, with the delegates */
    void customize(MemberlistConfigBuilder builder);
}
