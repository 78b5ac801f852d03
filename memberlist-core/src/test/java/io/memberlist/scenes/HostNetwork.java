package io.memberlist.scenes;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hosts on one switch, each in a network namespace. Host <em>i</em> has the address 10.77.0.<em>i</em>/24 on {@code eth0}
 * and a default route over the switch, which is 10.77.0.254.
 *
 * <p>Where namespaces cannot be made (not Linux, not root, no {@code ip} or {@code iptables}), the calling test is skipped
 * with the reason, or fails if the environment variable {@code MEMBERLIST_NETNS} is {@code required}.
 */
public final class HostNetwork implements AutoCloseable {
    private static final AtomicInteger NETWORKS = new AtomicInteger();
    private static @Nullable String missing;

    private final String prefix = "ml" + ProcessHandle.current().pid() + "n" + NETWORKS.incrementAndGet();
    private final String networkSwitch = prefix + "sw";
    private final List<Host> hosts = new ArrayList<>();

    private HostNetwork() {}

    /**
     * Makes hosts 1 to {@code count}. Skips or fails the test where that is impossible.
     *
     * @param count at most 200
     */
    public static HostNetwork of(int count) {
        String reason = whyNot();
        if (!reason.isEmpty()) {
            return "required".equals(System.getenv("MEMBERLIST_NETNS"))
                    ? fail("MEMBERLIST_NETNS=required, but " + reason)
                    : abort("skipped: " + reason);
        }
        HostNetwork network = new HostNetwork();
        try {
            network.makeSwitch();
            for (int i = 1; i <= count; i++) {
                network.addHost(i);
            }
            return network;
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
    }

    /** {@return why no namespaces can be made here; empty where they can} */
    private static synchronized String whyNot() {
        if (missing == null) {
            missing = tryOne();
            if (missing.isEmpty()) {
                removeThoseLeftBehind();
            }
            if (!missing.isEmpty()) {
                // Maven prints how many tests were skipped, but not why.
                System.err.println("Tests in network namespaces cannot run: " + missing);
            }
        }
        return missing;
    }

    private static String tryOne() {
        String name = "ml" + ProcessHandle.current().pid() + "try";
        try {
            Shell.run("ip", "netns", "add", name);
            try {
                Shell.run("ip", "netns", "exec", name, "iptables", "-L", "-n");
                Shell.run("ip", "-n", name, "link", "add", "br0", "type", "bridge");
                return "";
            } finally {
                Shell.run("ip", "netns", "del", name);
            }
        } catch (IllegalStateException | UncheckedIOException e) {
            return "network namespaces cannot be made (they need Linux, root, ip and iptables): " + e.getMessage();
        }
    }

    /** Removes the hosts of tests whose process was killed. */
    private static void removeThoseLeftBehind() {
        Pattern ours = Pattern.compile("ml(\\d+)n\\d+(sw|h\\d+)");
        Shell.run("ip", "netns", "list").lines().forEach(line -> {
            Matcher name = ours.matcher(line.split(" ")[0]);
            if (name.matches()
                    && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                Host.remove(name.group());
            }
        });
    }

    private void makeSwitch() {
        Shell.run("ip", "netns", "add", networkSwitch);
        onSwitch("link", "add", "br0", "type", "bridge");
        onSwitch("link", "set", "br0", "up");
        onSwitch("link", "set", "lo", "up");
        onSwitch("addr", "add", "10.77.0.254/24", "dev", "br0");
    }

    private void addHost(int i) {
        String port = "v" + i;
        Host host = new Host(prefix + "h" + i, "10.77.0." + i, port);
        Shell.run("ip", "netns", "add", host.namespace());
        hosts.add(host);
        onSwitch("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", host.namespace());
        onSwitch("link", "set", port, "master", "br0", "up");
        host.ip("link", "set", "lo", "up");
        host.ip("link", "set", "eth0", "up");
        host.ip("addr", "add", host.address() + "/24", "dev", "eth0");
        host.ip("route", "add", "default", "via", "10.77.0.254");
    }

    /**
     * Moves hosts to the far side of a tunnel. They keep their addresses, and reach the others through a router that loses
     * packets above a size, and fragments, and does not tell.
     *
     * @param mtu the largest packet that passes, in bytes with the IP header
     */
    public void moveBehindTunnel(List<Host> far, int mtu) {
        onSwitch("link", "add", "br1", "type", "bridge");
        onSwitch("link", "set", "br1", "up");
        onSwitch("route", "replace", "10.77.0.0/24", "dev", "br0", "mtu", "lock", String.valueOf(mtu));
        for (String setting : List.of("ip_forward", "conf.br0.proxy_arp", "conf.br1.proxy_arp")) {
            inSwitch("sysctl", "-qw", "net.ipv4." + setting + "=1");
        }
        for (Host host : far) {
            onSwitch("link", "set", host.switchPort(), "master", "br1");
            onSwitch("route", "add", host.address() + "/32", "dev", "br1", "mtu", "lock", String.valueOf(mtu));
        }
        inSwitch("iptables", "-A", "OUTPUT", "-p", "icmp", "-j", "DROP");
        for (Host host : hosts) {
            // Before the kernel puts them together again.
            host.run("iptables", "-t", "raw", "-A", "PREROUTING", "-f", "-j", "DROP");
        }
    }

    private void inSwitch(String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", networkSwitch));
        all.addAll(List.of(command));
        Shell.run(all);
    }

    /** Runs {@code ip} on the switch, for example to add an address of another network. */
    public void onSwitch(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip", "-n", networkSwitch));
        command.addAll(List.of(arguments));
        Shell.run(command);
    }

    /**
     * Passes on what is sent to an address of the router's own to a host behind it, as a router with a public address does.
     *
     * @param host one that was {@linkplain #moveBehindTunnel moved behind} the router
     */
    public void passOn(String address, Host host) {
        onSwitch("route", "add", address + "/32", "dev", "br1");
        inSwitch("iptables", "-t", "nat", "-A", "PREROUTING", "-d", address, "-j", "DNAT", "--to", host.address());
    }

    /**
     * {@return a host}
     *
     * @param i from 1
     */
    public Host host(int i) {
        return hosts.get(i - 1);
    }

    /** {@return all hosts, the first one first} */
    public List<Host> hosts() {
        return List.copyOf(hosts);
    }

    /** Lets no packet pass between the two groups any more, in either direction. */
    public void cut(List<Host> some, List<Host> others) {
        for (Host one : some) {
            for (Host other : others) {
                one.run("iptables", "-A", "INPUT", "-s", other.address(), "-j", "DROP");
                other.run("iptables", "-A", "INPUT", "-s", one.address(), "-j", "DROP");
            }
        }
    }

    /** Removes every packet filter. */
    public void heal() {
        hosts.forEach(host -> host.run("iptables", "-F"));
    }

    /** Kills what still runs and removes the hosts. */
    @Override
    public void close() {
        hosts.forEach(Host::close);
        if (Shell.run("ip", "netns", "list").contains(networkSwitch)) {
            Shell.run("ip", "netns", "del", networkSwitch);
        }
    }
}
