package io.memberlist.sample;

import io.memberlist.config.Keyring;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.sample.companions.RoundTrips;
import io.memberlist.sample.network.FaultInjectingNetwork;
import io.memberlist.spring.boot.autoconfigure.MemberlistCustomizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.springframework.stereotype.Component;

/** Has the last word on the member's configuration: for what no property can say. Any bean of this type is asked. */
@Component
class SampleMemberCustomizer implements MemberlistCustomizer {
    /** 32 bytes. No secret: an application reads its key from {@code memberlist.encryption.keys} instead. */
    private static final byte[] DEMONSTRATION_KEY =
            Arrays.copyOf("a demonstration key, and no secret at all".getBytes(StandardCharsets.US_ASCII), 32);

    private final SampleProperties properties;
    private final RoundTrips roundTrips;
    private final FaultInjectingNetwork network;

    SampleMemberCustomizer(SampleProperties properties, RoundTrips roundTrips, FaultInjectingNetwork network) {
        this.properties = properties;
        this.roundTrips = roundTrips;
        this.network = network;
    }

    @Override
    public void customize(MemberlistConfigBuilder member) {
        if (member.build().encryption().keyring() == null) {
            // Reads what is encrypted and what is not, so that processes of either kind find together; nothing for a
            // cluster with secrets.
            member.encryption(e -> e.keyring(Keyring.of(DEMONSTRATION_KEY))
                    .verifyIncoming(false)
                    .verifyOutgoing(properties.encrypts()));
        }
        member.delegates(d -> d.ping(roundTrips.delegate()));
        member.transportFactory(network.attach(member.build()));
    }
}
