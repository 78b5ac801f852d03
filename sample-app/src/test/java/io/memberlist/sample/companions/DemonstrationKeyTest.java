package io.memberlist.sample.companions;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.config.Keyring;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.messaging.ClusterKeys;
import io.memberlist.messaging.ClusterMessaging;
import io.memberlist.sample.SampleProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DemonstrationKeyTest {
    @Test
    void aClusterWithCompanionsEncryptsStrictlySoThatItsKeysCanBeChanged() {
        MemberlistConfig config = customized(MemberlistConfig.local(), 2, null);

        assertThat(config.encryption().verifyIncoming()).isTrue();
        assertThat(config.encryption().verifyOutgoing()).isTrue();
        assertThat(ClusterKeys.possibleWith(config.toBuilder()
                        .extensions(List.of(ClusterMessaging.create().extension()))
                        .build()))
                .isTrue();
    }

    @Test
    void aMemberThatDoesNotEncryptHasNoKey() {
        assertThat(customized(MemberlistConfig.local(), 2, false).encryption().keyring())
                .isNull();
        assertThat(customized(MemberlistConfig.local(), 0, null).encryption().keyring())
                .isNull();
    }

    @Test
    void anOwnKeyStays() {
        Keyring own = Keyring.of(new byte[16]);

        assertThat(customized(MemberlistConfig.local().encryption(e -> e.keyring(own)), 2, true)
                        .encryption()
                        .keyring())
                .isSameAs(own);
    }

    private static MemberlistConfig customized(
            MemberlistConfigBuilder member, int companions, @Nullable Boolean encrypted) {
        new DemonstrationKey(new SampleProperties(companions, encrypted, List.of())).customize(member);
        return member.build();
    }
}
