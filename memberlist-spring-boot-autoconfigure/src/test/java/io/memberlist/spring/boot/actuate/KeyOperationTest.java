package io.memberlist.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.memberlist.config.Keyring;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.Member;
import io.memberlist.member.MemberState;
import io.memberlist.spring.TestMembers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

class KeyOperationTest {
    private static final byte[] OLD = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NEW = "fedcba9876543210".getBytes(StandardCharsets.UTF_8);
    private static final String OLD_TEXT = Base64.getEncoder().encodeToString(OLD);
    private static final String NEW_TEXT = Base64.getEncoder().encodeToString(NEW);

    private final Keyring keyring = Keyring.of(OLD);
    private final MembersEndpoint endpoint = endpoint(keyring);

    private static MembersEndpoint endpoint(@Nullable Keyring keyring) {
        Member self = TestMembers.member("a", MemberState.ALIVE, "");
        MemberlistConfig config = MemberlistConfig.local()
                .nodeName("a")
                .encryption(e -> e.keyring(keyring))
                .build();
        return new MembersEndpoint(TestMembers.engine(config, self), Duration.ZERO);
    }

    @Test
    void aKeyIsInstalledUsedAndTheOldOneRemoved() {
        assertThat(endpoint.changeKeys("install-key", NEW_TEXT).keys())
                .containsExactly(Keyring.fingerprint(OLD), Keyring.fingerprint(NEW));
        assertThat(endpoint.changeKeys("use-key", " " + NEW_TEXT + " ").keys())
                .containsExactly(Keyring.fingerprint(NEW), Keyring.fingerprint(OLD));
        assertThat(endpoint.changeKeys("remove-key", OLD_TEXT).keys()).containsExactly(Keyring.fingerprint(NEW));
        assertThat(keyring.primaryKey()).isEqualTo(NEW);
    }

    @Test
    void anInstalledKeyMayBeNamedByItsFingerprint() {
        keyring.add(NEW);

        assertThat(endpoint.changeKeys("use-key", Keyring.fingerprint(NEW)).keys())
                .startsWith(Keyring.fingerprint(NEW));
        assertThat(endpoint.changeKeys("remove-key", Keyring.fingerprint(OLD)).keys())
                .hasSize(1);
        assertThat(refusal("use-key", "00000000")).contains("00000000", Keyring.fingerprint(NEW));
        assertThat(refusal("install-key", "00000000")).contains("6 bytes", "16, 24 or 32");
    }

    @Test
    void whatIsRefusedIsExplainedWithoutTheKey() {
        assertThat(refusal("install-key", null)).contains("'key' is missing");
        assertThat(refusal("install-key", " ")).contains("'key' is missing");
        assertThat(refusal("install-key", "secret!secret"))
                .contains("not Base64")
                .doesNotContain("secret");
        assertThat(refusal("install-key", "c2VjcmV0")).contains("6 bytes").doesNotContain("c2VjcmV0");
        assertThat(refusal("use-key", NEW_TEXT)).contains("not in the keyring").doesNotContain(NEW_TEXT);
        assertThat(refusal("remove-key", OLD_TEXT)).contains("primary").doesNotContain(OLD_TEXT);
        assertThat(keyring.fingerprints()).containsExactly(Keyring.fingerprint(OLD));
    }

    @Test
    void anUnknownOperationIsToldTheKnownOnes() {
        assertThat(refusal("steal-key", NEW_TEXT)).contains("install-key, use-key, remove-key");
        assertThat(refusal("INSTALL_KEY", NEW_TEXT)).contains("no such operation");
    }

    @Test
    void aMemberWithoutKeysHasNoneToChange() {
        assertThatExceptionOfType(InvalidEndpointRequestException.class)
                .isThrownBy(() -> endpoint(null).changeKeys("install-key", NEW_TEXT))
                .withMessageContaining("memberlist.encryption.keys");
    }

    @Test
    void overHttpARefusalIsABadRequestWithTheReason() {
        MembersEndpointWebExtension web = new MembersEndpointWebExtension(endpoint);

        WebEndpointResponse<?> refused = web.changeKeys("install-key", "c2VjcmV0");

        assertThat(refused.getStatus()).isEqualTo(400);
        assertThat(refused.getBody())
                .isInstanceOfSatisfying(
                        MembersEndpointWebExtension.RefusalDescriptor.class,
                        body -> assertThat(body.error()).contains("16, 24 or 32"));
        assertThat(web.changeKeys("install-key", NEW_TEXT).getStatus()).isEqualTo(200);
        assertThat(web.join("").getStatus()).isEqualTo(400);
        assertThat(web.join("10.0.0.9").getStatus()).isEqualTo(200);
    }

    private String refusal(String operation, @Nullable String key) {
        try {
            endpoint.changeKeys(operation, key);
        } catch (InvalidEndpointRequestException e) {
            return e.getReason();
        }
        throw new AssertionError(operation + " was not refused");
    }
}
