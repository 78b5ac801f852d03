package io.memberlist.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.member.MemberlistException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyringTest {
    private static final byte[] ONE = key("one");
    private static final byte[] TWO = key("two");
    private static final byte[] THREE = key("three");

    private static byte[] key(String text) {
        return (text + "................").substring(0, 16).getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void theFirstKeyIsThePrimary() {
        Keyring keyring = Keyring.of(TWO, ONE, THREE);

        assertThat(keyring.primaryKey()).isEqualTo(TWO);
        assertThat(keyring.keys()).containsExactly(TWO, ONE, THREE);
        assertThat(Keyring.of(ONE).keys()).containsExactly(ONE);
    }

    @Test
    void keysAreAddedUsedAndRemoved() {
        Keyring keyring = Keyring.of(ONE);
        keyring.add(TWO);
        keyring.add(TWO);
        assertThat(keyring.keys()).containsExactly(ONE, TWO);

        keyring.use(TWO);
        assertThat(keyring.keys()).containsExactly(TWO, ONE);

        assertThatThrownBy(() -> keyring.use(THREE)).isInstanceOf(MemberlistException.class);
        assertThatThrownBy(() -> keyring.remove(TWO))
                .isInstanceOf(MemberlistException.class)
                .hasMessageContaining("primary");

        keyring.remove(ONE);
        keyring.remove(ONE);
        assertThat(keyring.keys()).containsExactly(TWO);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 17, 23, 31, 33})
    void keysOfAnotherSizeAreRefused(int size) {
        Keyring keyring = Keyring.of(ONE);

        assertThatThrownBy(() -> Keyring.of(new byte[size]))
                .isInstanceOf(MemberlistException.class)
                .hasMessageContaining("16, 24 or 32");
        assertThatThrownBy(() -> keyring.add(new byte[size])).isInstanceOf(MemberlistException.class);
        assertThat(keyring.keys()).hasSize(1);
    }

    @Test
    void aSecretKeyMakesAKeyringOrBecomesItsPrimary() {
        MemberlistConfig alone =
                MemberlistConfig.lan().encryption(e -> e.secretKey(ONE)).build();
        MemberlistConfig both = MemberlistConfig.lan()
                .encryption(e -> e.keyring(Keyring.of(TWO)).secretKey(ONE))
                .build();

        assertThat(alone.encryption().keyring()).isNotNull();
        assertThat(alone.encryption().keyring().keys()).containsExactly(ONE);
        assertThat(both.encryption().keyring()).isNotNull();
        assertThat(both.encryption().keyring().keys()).containsExactly(ONE, TWO);
        assertThat(MemberlistConfig.lan().build().encryption().keyring()).isNull();
        assertThatThrownBy(() -> MemberlistConfig.lan().encryption(e -> e.secretKey(new byte[5])))
                .isInstanceOf(MemberlistException.class);
    }

    @Test
    void manyThreadsMayAddAtOnce() {
        Keyring keyring = Keyring.of(ONE);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            byte[] key = key("k" + i);
            all.add(CompletableFuture.runAsync(() -> keyring.add(key)));
        }
        all.forEach(CompletableFuture::join);

        assertThat(keyring.keys()).hasSize(201).startsWith(ONE);
    }

    @Test
    void noKeyShowsInText() {
        assertThat(Keyring.of(ONE, TWO).toString())
                .doesNotContain("one")
                .contains(Keyring.fingerprint(ONE), Keyring.fingerprint(TWO));
        assertThat(Keyring.fingerprint(ONE)).matches("[0-9a-f]{8}");
    }

    @Test
    void changingAnArrayAfterwardsChangesNoKey() {
        byte[] mine = ONE.clone();
        Keyring keyring = Keyring.of(mine);
        mine[0] = 0;

        assertThat(keyring.primaryKey()).isEqualTo(ONE);
    }

    @Test
    void whatEachKeyHasEncryptedIsKnownWhileItIsInstalled() {
        Keyring keyring = Keyring.of(ONE, TWO, THREE);
        keyring.encrypted();
        keyring.encrypted();
        keyring.use(THREE);
        keyring.encrypted();
        assertThat(keyring.encryptedMessages()).isEqualTo(1);

        keyring.remove(TWO);
        keyring.add(TWO);
        assertThat(keyring.encryptedMessages()).isEqualTo(1);
        keyring.use(ONE);
        assertThat(keyring.encryptedMessages()).isEqualTo(2);
        keyring.use(TWO);
        assertThat(keyring.encryptedMessages()).isZero();
    }
}
