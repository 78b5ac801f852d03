package io.memberlist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.AddressChooser.Candidate;
import io.memberlist.AdvertisedAddress.Origin;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.InvalidSettingException;
import io.memberlist.transport.HostAddress;
import io.memberlist.transport.HostInterface;
import io.memberlist.transport.HostInterface.Kind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Machines are written as their interfaces: {@code docker0~ 172.17.0.1/16} is a bridge or tunnel, {@code eth0* …} has the
 * default route, {@code lo= …} is loopback, {@code eth1- …} is down; {@code ?} after an address means that it does not last.
 */
class AddressChooserTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a single interface            | eth0* 10.0.0.5/24                                        | 10.0.0.5",
                "Docker's bridge               | eth0* 10.77.0.1/24; docker0~ 172.17.0.1/16               | 10.77.0.1",
                "a bridge with a lower index   | docker0~ 172.17.0.1/16; eth0* 10.77.0.1/24               | 10.77.0.1",
                "a bridge, public default      | eth0* 203.0.114.7/24; docker0~ 172.17.0.1/16             | 203.0.114.7",
                "public default, private beside| eth0* 203.0.114.7/24; eth1 10.0.0.5/24                   | 10.0.0.5",
                "the bridge is the way out     | br0~* 10.0.0.5/24; eth1 192.168.9.9/24                   | 10.0.0.5",
                "two, one with default route   | eth0 10.0.0.5/24; eth1* 192.168.1.5/24                   | 192.168.1.5",
                "no default route              | eth0 10.0.0.5/24; docker0~ 172.17.0.1/16                 | 10.0.0.5",
                "no default route, bridge first| cni0~ 10.244.0.1/24; eth0 192.168.9.5/24                 | 192.168.9.5",
                "only a bridge                 | br0~ 10.0.0.5/24                                         | 10.0.0.5",
                "a VPN beside                  | eth0* 192.168.1.5/24; tun0~ 10.8.0.6/24                  | 192.168.1.5",
                "a VPN is the way out          | eth0 192.168.1.5/24; wg0~* 10.8.0.6/32                   | 10.8.0.6",
                "two default routes            | eth0* 10.0.0.5/24; eth1* 192.168.1.5/24                  | 10.0.0.5",
                "a virtual IP                  | eth0* 10.0.0.100/32 10.0.0.5/24                          | 10.0.0.5",
                "a secondary address           | eth0* 10.0.0.5/24 10.0.0.6/24                            | 10.0.0.5",
                "a cloud's /32 network         | eth0* 10.128.0.2/32; docker0~ 172.17.0.1/16              | 10.128.0.2",
                "an overlay's /32              | flannel.1 10.244.0.0/32; eth1 10.0.0.5/24                | 10.0.0.5",
                "services of Kubernetes        | kube-ipvs0~ 10.96.0.1/32; eth0* 203.0.114.7/24           | 203.0.114.7",
                "carrier-grade NAT             | eth0* 100.64.3.4/10; docker0~ 172.17.0.1/16              | 100.64.3.4",
                "an interface that is down     | eth0- 10.0.0.5/24; eth1 192.168.1.5/24                   | 192.168.1.5",
                "an address on loopback        | lo= 127.0.0.1/8 10.1.1.1/32; eth0 169.254.3.4/16         | 10.1.1.1",
                "unnumbered links              | lo= 127.0.0.1/8 10.1.1.1/32*; docker0~ 172.17.0.1/16     | 10.1.1.1",
                "IPv6 only, unique local       | lo= ::1/128; eth0* fe80::1/64 fd77::1/64                 | fd77::1",
                "IPv6 only, global             | lo= ::1/128; eth0* 2001:db9::1/64 fe80::1/64             | 2001:db9::1",
                "IPv6 only with Docker's bridge| eth0* 2001:db9::1/64; docker0~ 172.17.0.1/16             | 2001:db9::1",
                "both families                 | eth0* 2001:db9::1/64 fd77::1/64 10.0.0.5/24              | 10.0.0.5",
                "a temporary address           | eth0* 2001:db9::aaaa/64? 2001:db9::1/64                  | 2001:db9::1",
                "only a temporary address      | eth0* 2001:db9::aaaa/64? fe80::1/64                      | 2001:db9::aaaa",
            })
    void takesTheAddressThatLeadsOut(String scene, String machine, String expected) {
        Candidate chosen = chooser(machine, config -> config).choose();

        assertThat(chosen).isNotNull();
        assertThat(chosen.ip()).isEqualTo(ip(expected));
    }

    @ParameterizedTest
    @CsvSource({"lo= 127.0.0.1/8", "lo= 127.0.0.1/8; eth0 169.254.3.4/16 fe80::1/64", "eth0- 10.0.0.5/24", "''"})
    void choosesNothingWhereThereIsOnlyLoopback(String machine) {
        assertThat(chooser(machine, config -> config).choose()).isNull();
    }

    @Test
    void anIPv6AddressIsNoUseWhereOnlyIPv4IsBound() {
        assertThat(new AddressChooser(config().build().network(), ip("0.0.0.0"), machine("eth0* fd77::1/64")).choose())
                .isNull();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "docker0 | -                 | 172.17.0.1",
                "eth1    | -                 | 192.168.1.5",
                "-       | 172.16.0.0/12     | 172.17.0.1",
                "-       | 192.168.0.0/16    | 192.168.1.5",
                "-       | fd00::/8          | fd77::1",
                "eth1    | fd00::/8          | fd77::1",
                "eth2    | -                 | fe80::2",
            })
    void takesWhatTheSettingsChoose(String name, String network, String expected) {
        String machine = "eth0* 10.0.0.5/24; docker0~ 172.17.0.1/16; eth1 192.168.1.5/24 fd77::1/64; eth2 fe80::2/64";
        UnaryOperator<MemberlistConfigBuilder> settings = config -> config.network(n -> n.advertiseInterface(name)
                .advertiseNetwork(network == null ? null : io.memberlist.config.Cidr.parse(network)));

        Candidate chosen = chooser(machine, settings).choose();

        assertThat(chosen).isNotNull();
        assertThat(chosen.ip()).isEqualTo(ip(expected));
    }

    @Test
    void aChoiceThatTheMachineDoesNotHaveIsRefusedWithAListOfWhatItHas() {
        String machine = "lo= 127.0.0.1/8; eth0* 10.0.0.5/24; eth1- 192.168.1.5/24";

        assertThatThrownBy(() -> chooser(machine, config -> config.network(n -> n.advertiseInterface("eth7")))
                        .choose())
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage("network.advertiseInterface eth7 is no interface of this machine, which has lo (127.0.0.1),"
                        + " eth0 (10.0.0.5), eth1 (192.168.1.5, down): name one of these, or leave it out");
        assertThatThrownBy(() -> chooser(
                                machine,
                                config -> config.network(
                                        n -> n.advertiseNetwork(io.memberlist.config.Cidr.parse("172.16.0.0/12"))))
                        .choose())
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage(
                        "network.advertiseNetwork 172.16.0.0/12 contains no address of this machine; this machine has"
                                + " lo (127.0.0.1), eth0 (10.0.0.5), eth1 (192.168.1.5, down): choose a network with one of"
                                + " these, or leave it out");
    }

    @Test
    void aChosenInterfaceWithoutAnAddressYetIsWaitedFor() {
        assertThat(chooser("eth0* 10.0.0.5/24; eth1", config -> config.network(n -> n.advertiseInterface("eth1")))
                        .choose())
                .isNull();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "a network without a way out | eth0* 10.0.0.5/24; eth1 192.168.5.5/24             | 10.0.0.5   | 192.168.5.9 | 192.168.5.5",
                "an overlay of Docker Swarm  | eth0 10.0.1.6/24 10.0.1.5/32; eth1* 172.18.0.3/16  | 172.18.0.3 | 10.0.1.7    | 10.0.1.6",
                "seeds where the member is   | eth0* 10.0.0.5/24; eth1 192.168.5.5/24             | 10.0.0.5   | 10.0.0.9    | -",
                "seeds in both networks      | eth0* 10.0.0.5/24; eth1 192.168.5.5/24             | 10.0.0.5   | 192.168.5.9 10.0.0.9 | -",
                "seeds far away              | eth0* 10.0.0.5/24; eth1 192.168.5.5/24             | 10.0.0.5   | 10.9.9.9    | -",
                "the member itself           | eth0* 10.0.0.5/24; eth1 192.168.5.5/24             | 10.0.0.5   | 192.168.5.5 | 192.168.5.5",
                "IPv6                        | eth0* 10.0.0.5/24; eth1 fd77::5/64                 | 10.0.0.5   | fd77::9     | fd77::5",
            })
    void takesTheNetworkOfTheSeeds(String scene, String machine, String present, String seeds, String expected) {
        List<InetSocketAddress> found = Arrays.stream(seeds.split(" "))
                .map(seed -> new InetSocketAddress(ip(seed), 7946))
                .toList();

        Candidate near = chooser(machine, config -> config).near(ip(present), found);

        assertThat(near == null ? null : near.ip()).isEqualTo(expected == null ? null : ip(expected));
    }

    @Test
    void theAddressOfABridgeIsTakenUntilThereIsABetterOne() {
        assertThat(origin("br0~ 10.0.0.5/24", config -> config)).isEqualTo(Origin.PROVISIONAL);
        assertThat(origin("br0~* 10.0.0.5/24", config -> config)).isEqualTo(Origin.CHOSEN);
        assertThat(origin("br0~ 10.0.0.5/24", config -> config.network(n -> n.advertiseInterface("br0"))))
                .isEqualTo(Origin.CHOSEN);
    }

    private static Origin origin(String machine, UnaryOperator<MemberlistConfigBuilder> settings) {
        return AdvertisedAddress.choose(
                        settings.apply(config()).build(), machine(machine), new InetSocketAddress("::", 7946))
                .origin();
    }

    private static AddressChooser chooser(String machine, UnaryOperator<MemberlistConfigBuilder> settings) {
        return new AddressChooser(settings.apply(config()).build().network(), ip("::"), machine(machine));
    }

    private static MemberlistConfigBuilder config() {
        return MemberlistConfig.lan().nodeName("a");
    }

    private static List<HostInterface> machine(String text) {
        List<HostInterface> all = new ArrayList<>();
        for (String each : text.isBlank() ? new String[0] : text.split(";")) {
            String[] words = each.strip().split(" +");
            String name = words[0];
            List<HostAddress> addresses = new ArrayList<>();
            for (int i = 1; i < words.length; i++) {
                String[] address = words[i].replaceAll("[?*]", "").split("/");
                addresses.add(new HostAddress(
                        ip(address[0]),
                        Integer.parseInt(address[1]),
                        name.contains("*") || words[i].contains("*"),
                        !words[i].contains("?")));
            }
            Kind kind = name.contains("~") ? Kind.SOFTWARE : name.contains("=") ? Kind.LOOPBACK : Kind.NETWORK;
            all.add(new HostInterface(
                    name.replaceAll("[*~=-]", ""), all.size() + 1, kind, !name.contains("-"), addresses));
        }
        return all;
    }

    private static InetAddress ip(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
