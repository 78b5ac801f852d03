package io.memberlist.sample.companions;

import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.sample.network.FaultInjectingNetwork;
import io.memberlist.spring.boot.autoconfigure.MemberlistCustomizer;
import org.springframework.stereotype.Component;

/**
 * Changes the configuration of the member after all properties, for settings that no property has. Every bean of this
 * type is called.
 */
@Component
record SampleMemberCustomizer(FaultInjectingNetwork network) implements MemberlistCustomizer {
    @Override
    public void customize(MemberlistConfigBuilder member) {
        member.transportFactory(network.attach(member.build()));
    }
}
