package io.memberlist.sample.companions;

import io.memberlist.config.Keyring;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.sample.SampleProperties;
import io.memberlist.spring.boot.autoconfigure.MemberlistCustomizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Encrypts with a key that everybody can read here, so that the page can show encryption. Not an example: an application
 * has its key in {@code memberlist.encryption.keys} and needs no such class.
 */
@Component
@Order(0)
record DemonstrationKey(SampleProperties properties) implements MemberlistCustomizer {
    private static final byte[] KEY =
            Arrays.copyOf("a demonstration key, and no secret at all".getBytes(StandardCharsets.US_ASCII), 32);

    @Override
    public void customize(MemberlistConfigBuilder member) {
        if (properties.encrypts() && member.build().encryption().keyring() == null) {
            member.encryption(e -> e.keyring(Keyring.of(KEY)));
        }
    }
}
