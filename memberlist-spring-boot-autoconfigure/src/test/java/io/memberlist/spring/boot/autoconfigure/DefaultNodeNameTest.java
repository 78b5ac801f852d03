package io.memberlist.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.memberlist.config.HostName;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DefaultNodeNameTest {
    @Test
    void isStableForAFixedPort() {
        String host = HostName.ofThisMachine();

        assertThat(DefaultNodeName.of("shop", "0.0.0.0", 7946)).isEqualTo("shop-" + host + "-7946");
        assertThat(DefaultNodeName.of("shop", "127.0.0.1", 7946)).isEqualTo("shop-" + host + "-7946");
    }

    @Test
    void tellsMembersOnTheSamePortOfDifferentAddressesApart() {
        assertThat(DefaultNodeName.of("shop", "127.0.0.2", 7946)).endsWith("-127.0.0.2-7946");
    }

    @Test
    void isRandomForAPickedPort() {
        assertThat(IntStream.range(0, 20)
                        .mapToObj(i -> DefaultNodeName.of("shop", "0.0.0.0", 0))
                        .toList())
                .allMatch(name -> name.matches("shop-.*-[0-9a-f]{4}"))
                .satisfies(names -> assertThat(Set.copyOf(names)).hasSizeGreaterThan(10));
    }
}
