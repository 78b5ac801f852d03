package io.memberlist.scenes;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Lets a cluster run with one of the faults that operators of such systems report, and prints every change of what its
 * members believe, and at the end what they logged and counted. Each fault takes a minute or more, so they are no tests.
 *
 * <p>Arguments: the name of a fault (none prints their names), the seconds that it lasts (60), the seconds after it (30), and
 * then arguments of every member, such as {@code packet-size=900}.
 */
public final class FaultCampaign {
    private static final PrintStream out = System.out;
    private static final Map<String, Fault> FAULTS = new LinkedHashMap<>();

    /**
     * A fault.
     *
     * @param hosts how many hosts there are, each with a member
     * @param network what the network is like before the members start
     * @param begin what happens when they have found each other
     */
    private record Fault(int hosts, Consumer<HostNetwork> network, Consumer<FaultCampaign> begin) {}

    static {
        FAULTS.put("udp-both", new Fault(2, nothing -> {}, run -> run.dropUdp(1, 2, 2, 1)));
        FAULTS.put("udp-one-way", new Fault(2, nothing -> {}, run -> run.dropUdp(1, 2)));
        FAULTS.put("udp-one-way-of-five", new Fault(5, nothing -> {}, run -> run.dropUdp(1, 2)));
        FAULTS.put("udp-pair-of-five", new Fault(5, nothing -> {}, run -> run.dropUdp(1, 2, 2, 1)));
        FAULTS.put(
                "udp-one-of-five",
                new Fault(
                        5,
                        nothing -> {},
                        run -> run.host(1).run("iptables", "-A", "INPUT", "-p", "udp", "-j", "DROP")));
        FAULTS.put(
                "tcp-one-of-five",
                new Fault(
                        5,
                        nothing -> {},
                        run -> run.host(1).run("iptables", "-A", "INPUT", "-p", "tcp", "-j", "DROP")));
        FAULTS.put("lossy-one-of-ten", new Fault(10, nothing -> {}, FaultCampaign::loseFourOfFive));
        FAULTS.put("deaf-now-and-then-one-of-ten", new Fault(10, nothing -> {}, FaultCampaign::deafenNowAndThen));
        FAULTS.put("mtu-1280", new Fault(6, tunnel(1280), FaultCampaign::changeMetadata));
        FAULTS.put("mtu-1000", new Fault(6, tunnel(1000), FaultCampaign::changeMetadata));
        FAULTS.put(
                "mtu-1280-probed",
                new Fault(6, tunnel(1280).andThen(FaultCampaign::probeMtu), FaultCampaign::changeMetadata));
        FAULTS.put("egress-only", new Fault(5, FaultCampaign::closeFirstHost, nothing -> {}));
        FAULTS.put("stopped-one-of-five", new Fault(5, nothing -> {}, run -> run.signal("STOP", 1)));
        FAULTS.put("stopped-two-of-three", new Fault(3, nothing -> {}, run -> run.signal("STOP", 2)));
        FAULTS.put("stopped-all-of-three", new Fault(3, nothing -> {}, run -> run.signal("STOP", 3)));
    }

    private final HostNetwork network;
    private final List<MemberProcess> members = new ArrayList<>();
    private final List<MemberProcess> stopped = new ArrayList<>();
    /** How many events each member had told its application when the fault began. */
    private final Map<MemberProcess, Integer> told = new HashMap<>();

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final long begunNanos = System.nanoTime();

    private FaultCampaign(HostNetwork network) {
        this.network = network;
    }

    public static void main(String[] args) throws InterruptedException {
        Fault fault = args.length == 0 ? null : FAULTS.get(args[0]);
        if (fault == null) {
            out.println("faults: " + FAULTS.keySet());
            return;
        }
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 60;
        int after = args.length > 2 ? Integer.parseInt(args[2]) : 30;
        try (HostNetwork network = HostNetwork.of(fault.hosts())) {
            fault.network().accept(network);
            FaultCampaign run = new FaultCampaign(network);
            run.startMembers(args.length > 3 ? List.of(args).subList(3, args.length) : List.of());
            run.watch(8);
            run.say("the fault begins");
            run.members.forEach(member -> run.told.put(member, events(member).size()));
            fault.begin().accept(run);
            run.watch(seconds);
            run.say("the fault ends");
            run.end();
            run.watch(after);
            run.report();
        }
    }

    private static Consumer<HostNetwork> tunnel(int mtu) {
        return network -> network.moveBehindTunnel(network.hosts().subList(3, 6), mtu);
    }

    /** Lets the kernel find out what passes where large segments of TCP get lost. */
    private static void probeMtu(HostNetwork network) {
        network.hosts().forEach(host -> host.run("sysctl", "-qw", "net.ipv4.tcp_mtu_probing=1"));
    }

    /** Lets only answers to its own packets in, and forgets whom it sent to after 5 s. */
    private static void closeFirstHost(HostNetwork network) {
        Host host = network.host(1);
        host.run("iptables", "-A", "INPUT", "-m", "conntrack", "--ctstate", "ESTABLISHED,RELATED", "-j", "ACCEPT");
        host.run("iptables", "-A", "INPUT", "-j", "DROP");
        host.run("sysctl", "-qw", "net.netfilter.nf_conntrack_udp_timeout=5");
        host.run("sysctl", "-qw", "net.netfilter.nf_conntrack_udp_timeout_stream=5");
    }

    private Host host(int number) {
        return network.host(number);
    }

    private void startMembers(List<String> arguments) {
        // The last host is the seed: the faults are at the first ones.
        Host seed = network.hosts().get(network.hosts().size() - 1);
        for (int i = network.hosts().size(); i >= 1; i--) {
            List<String> all = new ArrayList<>(arguments);
            if (i < network.hosts().size()) {
                all.add("seed=" + seed.address());
            }
            members.add(0, host(i).member("m" + i, all.toArray(String[]::new)));
        }
    }

    /** @param pairs receiver and sender, receiver and sender, … */
    private void dropUdp(int... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            host(pairs[i])
                    .run(
                            "iptables",
                            "-A",
                            "INPUT",
                            "-p",
                            "udp",
                            "-s",
                            host(pairs[i + 1]).address(),
                            "-j",
                            "DROP");
        }
    }

    /** The first host loses four packets of five, in both directions: one of two scenes of the paper on Rapid (ATC 2018). */
    private void loseFourOfFive() {
        String lost = " -m statistic --mode random --probability 0.8 -j DROP";
        host(1).run(("iptables -A INPUT ! -i lo" + lost).split(" "));
        host(1).run(("iptables -A OUTPUT ! -o lo" + lost).split(" "));
    }

    /** The first host hears nothing for 20 s, all for 20 s, and so on: the other scene of that paper. */
    private void deafenNowAndThen() {
        for (int i = 0; i < 100; i++) {
            timer.schedule(
                    i % 2 == 0 ? this::deafen : () -> host(1).run("iptables", "-F", "INPUT"),
                    20L * i,
                    TimeUnit.SECONDS);
        }
    }

    private void deafen() {
        host(1).run("iptables -A INPUT ! -i lo -j DROP".split(" "));
    }

    private void changeMetadata() {
        for (int i = 0; i < 3; i++) {
            members.get(i).ask("metadata " + (500 + i));
        }
    }

    private void signal(String signal, int count) {
        for (MemberProcess member : members.subList(0, count)) {
            Shell.run("kill", "-" + signal, String.valueOf(member.process().pid()));
            if (signal.equals("STOP")) {
                stopped.add(member);
            }
        }
    }

    private void end() {
        timer.shutdownNow();
        signal("CONT", stopped.size());
        stopped.clear();
        network.heal();
    }

    private void watch(int seconds) throws InterruptedException {
        String last = "";
        for (int i = 0; i < 4 * seconds; i++) {
            StringBuilder now = new StringBuilder();
            for (MemberProcess member : members) {
                now.append(stopped.contains(member) ? "stopped" : view(member)).append("  ");
            }
            if (!now.toString().equals(last)) {
                say(now.toString());
                last = now.toString();
            }
            TimeUnit.MILLISECONDS.sleep(250);
        }
    }

    /** {@return how many members live as this one believes, with those suspected and dead, and its health score} */
    private static String view(MemberProcess member) {
        List<String> all = member.views("all");
        long dead = all.stream().filter(view -> view.endsWith("=DEAD")).count();
        long suspect = all.stream().filter(view -> view.endsWith("=SUSPECT")).count();
        return member.members().size() + (suspect > 0 ? "," + suspect + "?" : "") + (dead > 0 ? "," + dead + "+" : "")
                + "/" + member.ask("health");
    }

    private static List<String> events(MemberProcess member) {
        return member.lines().stream()
                .filter(line -> line.matches("! \\w+ .*@.*"))
                .toList();
    }

    /** {@return how often each kind of event came about each member, after the first ones} */
    private static Map<String, Long> eventsSince(MemberProcess member, int first) {
        return events(member).stream()
                .skip(first)
                .map(line -> line.substring(2, line.indexOf('@')))
                .collect(Collectors.groupingBy(event -> event, TreeMap::new, Collectors.counting()));
    }

    /** Prints each line of a log once, with how often it came (its time and its other numbers may differ). */
    private void report() {
        for (MemberProcess member : members) {
            out.println("--- " + member.ask("local") + " " + member.ask("statistics"));
            out.println("told its application since the fault began: " + eventsSince(member, told.get(member)));
            Map<String, Integer> counts = new LinkedHashMap<>();
            Map<String, String> first = new LinkedHashMap<>();
            for (String line : member.lines()) {
                if (!line.startsWith("= ")) {
                    String kind = line.replaceAll("\\b[0-9]+", "0");
                    counts.merge(kind, 1, Integer::sum);
                    first.putIfAbsent(kind, line);
                }
            }
            first.forEach((kind, line) -> out.println(counts.get(kind) + " x " + line));
        }
    }

    private void say(String what) {
        out.printf("%6.1f s  %s%n", (System.nanoTime() - begunNanos) / 1e9, what);
    }
}
