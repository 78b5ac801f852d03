package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.memberlist.delegate.StateDelegate;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatePartsTest {
    private final Map<String, String> merged = new TreeMap<>();
    private final StateParts parts = new StateParts(Map.of("b", of("b", "two"), "a", of("a", "one")));

    @Test
    void thePartsStandInTheOrderOfTheirNames() {
        assertThat(HexFormat.of().formatHex(parts.localState(false)))
                .isEqualTo("ff5041525453" + "0161" + "00000003" + "6f6e65" + "0162" + "00000003" + "74776f");
    }

    @Test
    void thereIsNoStateWhereNoPartHasAny() {
        assertThat(new StateParts(Map.of("a", of("a", ""), "b", of("b", ""))).localState(true))
                .isEmpty();
    }

    @Test
    void eachDelegateIsGivenItsPart() {
        parts.mergeRemoteState(parts.localState(false), false);

        assertThat(merged).containsExactly(Map.entry("a", "one"), Map.entry("b", "two"));
    }

    @Test
    void aPartOfAnotherVersionIsIgnored() {
        StateParts other = new StateParts(Map.of("a", of("a", "1"), "z", of("z", "9")));

        parts.mergeRemoteState(other.localState(false), false);

        assertThat(merged).containsExactly(Map.entry("a", "1"));
    }

    @Test
    void oneThatFailsDoesNotKeepTheOthersFromTheirs() {
        StateDelegate broken = new StateDelegate() {
            @Override
            public byte[] localState(boolean join) {
                throw new IllegalStateException("broken");
            }

            @Override
            public void mergeRemoteState(byte[] state, boolean join) {
                throw new IllegalStateException("broken");
            }
        };
        StateParts withBroken = new StateParts(Map.of("a", broken, "b", of("b", "two")));

        withBroken.mergeRemoteState(parts.localState(false), false);

        assertThat(merged).containsExactly(Map.entry("b", "two"));
        assertThat(withBroken.localState(false)).endsWith("two".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "6f6e65",
                "ff50415254",
                "ff504152545301",
                "ff5041525453016100000003",
                "ff504152545301617fffffff6f",
                "ff50415254530161ffffffff6f",
                "ff5041525453016100000001310161000000013200"
            })
    void whatIsNotMadeOfPartsIsIgnored(String hex) {
        parts.mergeRemoteState(HexFormat.of().parseHex(hex), false);

        assertThat(merged).isEmpty();
    }

    @Test
    void noBytesDoHarm() {
        Random random = new Random(1);
        byte[] valid = parts.localState(false);
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = Arrays.copyOf(valid, random.nextInt(valid.length + 1));
            for (int j = 0; j < 2 && damaged.length > 0; j++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            assertThatNoException().isThrownBy(() -> parts.mergeRemoteState(damaged, false));
        }
    }

    @Test
    void refusesANameThatCannotTravel() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new StateParts(Map.of("n".repeat(256), of("n", "1"), "b", of("b", "2"))))
                .withMessageContaining("at most 255 bytes");
    }

    private StateDelegate of(String name, String state) {
        return new StateDelegate() {
            @Override
            public byte[] localState(boolean join) {
                return state.getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public void mergeRemoteState(byte[] other, boolean join) {
                merged.put(name, new String(other, StandardCharsets.UTF_8));
            }
        };
    }
}
