package io.memberlist.sample.companions;

import io.memberlist.config.Keyring;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.sample.SampleProperties;
import io.memberlist.sample.network.FaultInjectingNetwork;
import io.memberlist.spring.boot.autoconfigure.MemberlistCustomizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.springframework.stereotype.Component;

/**
 * Changes the configuration of the member after all properties, for settings that no property has. Every bean of this
 * type is called.
 */
@Component
record SampleMemberCustomizer(SampleProperties properties, FaultInjectingNetwork network)
        implements MemberlistCustomizer {
    /** 32 bytes. This is no secret: an application reads its key from {@code memberlist.encryption.keys} instead. */
    private static final byte[] DEMONSTRATION_KEY =
            Arrays.copyOf("a demonstration key, and no secret at all".getBytes(StandardCharsets.US_ASCII), 32);

    @Override
    public void customize(MemberlistConfigBuilder member) {
        if (member.build().encryption().keyring() == null) {
            // Accept encrypted and plain traffic, so that processes of both kinds form one cluster. Do not do this in a
            // cluster with secrets.
            member.encryption(e -> e.keyring(Keyring.of(DEMONSTRATION_KEY))
                    .verifyIncoming(false)
                    .verifyOutgoing(properties.encrypts()));
        }
        member.transportFactory(network.attach(member.build()));
    }
}
