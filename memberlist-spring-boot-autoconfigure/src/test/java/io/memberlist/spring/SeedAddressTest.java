package io.memberlist.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeedAddressTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.7, 10.0.0.7:7946",
        "10.0.0.7:9000, 10.0.0.7:9000",
        "host.example, host.example:7946",
        "a/host.example, a/host.example:7946",
        "a/host.example:9000, a/host.example:9000",
        "[::1]:9000, [::1]:9000",
        "[::1], [::1]:7946",
        "::1, [::1]:7946",
        "a/fe80::1, a/[fe80::1]:7946",
        "dns+host.example, dns+host.example:7946",
        "a/dns+host.example:9000, a/dns+host.example:9000",
        "dnssrv+_g._tcp.example, dnssrv+_g._tcp.example",
        "a/dnssrvnoa+_g._tcp.example, a/dnssrvnoa+_g._tcp.example",
        "dnssrv+_g._tcp.example:9000, dnssrv+_g._tcp.example:9000",
    })
    void completesWhatHasNoPort(String seed, String completed) {
        assertThat(SeedAddress.withPort(seed, 7946)).isEqualTo(completed);
    }
}
