package io.memberlist.scenes;

import io.memberlist.Memberlist;
import io.memberlist.config.Cidr;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.delegate.EventDelegate;
import io.memberlist.member.Member;
import io.memberlist.member.NameConflict;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * A member in a process of its own. Its arguments are {@code name=…}, {@code seed=…} (as often as there are seeds),
 * {@code bind=address:port} (0.0.0.0:7946 if there is none), {@code preset=lan|wan|local} (lan), {@code advertise=…}, {@code
 * advertise-interface=…}, {@code advertise-network=…},
 * {@code label=…}, {@code packet-size=…} in bytes, and
 * {@code probe-interval=…} in milliseconds, of which half is the timeout.
 *
 * <p>It reads commands from standard input, one a line, and answers each with one line that begins with {@code "= "}:
 * {@code members}, {@code all}, {@code local}, {@code leave}, {@code health}, {@code address-problem}, {@code
 * statistics}, {@code metadata SIZE} (changes
 * it to that many random bytes), {@code send NAME SIZE} (sends a user message in a packet), {@code deliver NAME SIZE} (begins
 * to send one over a stream), {@code partly} (the members that it reaches in one way only). Notifications of members begin with
 * {@code "! "}; everything else is its log.
 */
final class MemberProgram {
    private final Memberlist member;
    private final PrintStream out;

    private MemberProgram(Memberlist member, PrintStream out) {
        this.member = member;
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<String> seeds = new ArrayList<>();
        MemberlistConfigBuilder config = config(arguments);
        EventDelegate events = event -> out.println(
                "! " + event.getClass().getSimpleName() + " " + event.member().name() + "@" + address(event.member())
                        + " meta=" + event.member().meta().length);
        for (String argument : arguments) {
            if (argument.startsWith("seed=")) {
                seeds.add(argument.substring("seed=".length()));
            }
        }
        Memberlist member = Memberlist.create(config.delegates(
                        d -> d.event(events).message(message -> out.println("! message " + message.length)))
                .build());
        out.println("= ready");
        if (!seeds.isEmpty()) {
            member.join(seeds)
                    .whenComplete(
                            (result, failure) -> out.println(failure == null ? "! join " + result : "! " + failure));
        }
        new MemberProgram(member, out).serve();
    }

    private static MemberlistConfigBuilder config(String[] arguments) {
        MemberlistConfigBuilder config = MemberlistConfig.lan();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String value = argument.substring(equals + 1);
            switch (argument.substring(0, equals)) {
                case "preset" -> config = preset(value);
                default -> {}
            }
        }
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String value = argument.substring(equals + 1);
            switch (argument.substring(0, equals)) {
                case "name" -> config.nodeName(value);
                case "bind" -> {
                    int colon = value.lastIndexOf(':');
                    config.network(n -> n.bindAddress(value.substring(0, colon))
                            .bindPort(Integer.parseInt(value.substring(colon + 1))));
                }
                case "advertise" -> config.network(n -> n.advertiseAddress(value));
                case "advertise-interface" -> config.network(n -> n.advertiseInterface(value));
                case "advertise-network" -> config.network(n -> n.advertiseNetwork(Cidr.parse(value)));
                case "probe-interval" -> {
                    Duration interval = Duration.ofMillis(Integer.parseInt(value));
                    config.probe(p -> p.interval(interval).timeout(interval.dividedBy(2)));
                }
                case "label" -> config.network(n -> n.label(value));
                case "packet-size" -> config.network(n -> n.udpBufferSize(Integer.parseInt(value)));
                case "preset", "seed" -> {}
                default -> throw new IllegalArgumentException("unknown argument " + argument);
            }
        }
        return config;
    }

    private static MemberlistConfigBuilder preset(String name) {
        return switch (name) {
            case "lan" -> MemberlistConfig.lan();
            case "wan" -> MemberlistConfig.wan();
            case "local" -> MemberlistConfig.local();
            default -> throw new IllegalArgumentException("unknown preset " + name);
        };
    }

    private void serve() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println("= " + answer(line));
        }
        System.exit(0);
    }

    private String answer(String line) {
        String[] command = line.split(" ");
        return switch (command[0]) {
            case "members" -> text(member.members());
            case "all" -> text(member.allMembers());
            case "local" -> text(List.of(member.localMember()));
            case "leave" -> {
                member.leave(Duration.ofSeconds(5)).join();
                yield "left";
            }
            case "name-conflict" ->
                member.nameConflict().map(NameConflict::describe).orElse("none");
            case "address-problem" -> member.addressProblem().orElse("none");
            case "health" -> String.valueOf(member.healthScore());
            case "statistics" -> member.statistics().toString();
            case "metadata" -> {
                member.updateMeta(randomBytes(command[1]), Duration.ofSeconds(30));
                yield "changed";
            }
            case "partly" ->
                member.partlyReachable().stream()
                        .map(partly -> partly.member().name() + "=" + partly.reachability())
                        .collect(Collectors.joining(" "));
            case "degraded" ->
                member.degradedMembers().stream()
                        .map(degraded -> degraded.member().name())
                        .collect(Collectors.joining(" "));
            case "deliver" -> {
                member.sendReliable(member.member(command[1]).orElseThrow(), randomBytes(command[2]));
                yield "begun";
            }
            case "send" -> {
                member.sendBestEffort(member.member(command[1]).orElseThrow(), randomBytes(command[2]))
                        .join();
                yield "sent";
            }
            default -> "unknown command " + line;
        };
    }

    /** {@return bytes that cannot be compressed} */
    private static byte[] randomBytes(String size) {
        byte[] bytes = new byte[Integer.parseInt(size)];
        ThreadLocalRandom.current().nextBytes(bytes);
        return bytes;
    }

    private static String text(Collection<Member> members) {
        return members.stream()
                .map(m -> m.name() + "@" + address(m) + "=" + m.state())
                .sorted()
                .collect(Collectors.joining(" "));
    }

    private static String address(Member member) {
        return member.address().getAddress().getHostAddress() + ":"
                + member.address().getPort();
    }
}
