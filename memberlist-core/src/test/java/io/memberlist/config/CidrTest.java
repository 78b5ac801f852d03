package io.memberlist.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.member.MemberlistException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.0/8, 127.0.0.1, true",
        "127.0.0.0/8, 128.0.0.1, false",
        "127.0.0.1/32, 127.0.0.1, true",
        "127.0.0.1/32, 127.0.0.2, false",
        "0.0.0.0/0, 192.0.2.1, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.129, true",
        "::1/128, ::1, true",
        "::1/128, 127.0.0.1, false",
        "fd00::/8, fdaa::1, true",
        "fd00::/8, fe80::1, false",
        "127.0.0.0/8, ::1, false",
        // An IPv4-mapped IPv6 address is that IPv4 address.
        "10.0.0.0/8, ::ffff:10.1.2.3, true",
    })
    void tellsWhoIsInside(String network, String address, boolean inside) throws UnknownHostException {
        assertThat(Cidr.parse(network).contains(InetAddress.getByName(address))).isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0/8", "example.com/8", "a/b", "/8"})
    void whatIsNoNetworkIsNamed(String text) {
        assertThatThrownBy(() -> Cidr.parse(text))
                .isInstanceOf(MemberlistException.class)
                .hasMessageContaining(text.isEmpty() ? "''" : text.replaceAll("/.*", ""));
    }

    @Test
    void aConfigurationTakesThemAsText() {
        MemberlistConfig config = MemberlistConfig.lan()
                .network(n -> n.allowedNetworks("10.0.0.0/8", " fd00::/8 "))
                .build();

        assertThat(config.network().allowedNetworks()).extracting(Cidr::prefix).containsExactly(8, 8);
        assertThat(MemberlistConfig.lan().build().network().allowedNetworks()).isNull();
        assertThatThrownBy(() -> MemberlistConfig.lan().network(n -> n.allowedNetworks("10.0.0.0/8", "nonsense")))
                .hasMessageContaining("nonsense");
    }
}
