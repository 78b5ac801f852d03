package io.memberlist.benchmarks.hostile;

import io.memberlist.Memberlist;
import io.memberlist.config.Cidr;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.config.MemberlistConfigBuilder;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.messaging.ClusterMessaging;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * A member with cluster messages that another program controls, as the Go program in {@code interop/} is: it takes the
 * flags {@code -name}, {@code -bind}, {@code -port}, {@code -key}, {@code -watch}, {@code -allowed-networks} and
 * {@code -forget-after}, each with a value, obeys {@code join}, {@code status}, {@code leave} and {@code quit}, and prints the same answers and events.
 */
final class JavaVictim {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final PrintStream out;
    private final Set<String> watched;
    private final Meter meter = new Meter();
    private final Memberlist member;

    private JavaVictim(Map<String, String> flags, PrintStream out) {
        this.out = out;
        this.watched = Set.of(flags.getOrDefault("-watch", "").split(","));
        MemberlistConfigBuilder config = MemberlistConfig.lan()
                .nodeName(flags.getOrDefault("-name", ""))
                .network(network -> network.bindAddress(flags.getOrDefault("-bind", "127.0.0.1"))
                        .bindPort(Integer.parseInt(flags.getOrDefault("-port", "0"))))
                .delegates(delegates -> delegates.event(this::changed))
                .extension(ClusterMessaging.create().extension())
                .extension(meter);
        String key = flags.getOrDefault("-key", "");
        if (!key.isEmpty()) {
            config.encryption(
                    encryption -> encryption.secretKey(Base64.getDecoder().decode(key)));
        }
        String networks = flags.getOrDefault("-allowed-networks", "");
        if (!networks.isEmpty()) {
            config.network(network -> network.allowedNetworks(
                    Arrays.stream(networks.split(",")).map(Cidr::parse).toList()));
        }
        String forgetAfter = flags.getOrDefault("-forget-after", "");
        if (!forgetAfter.isEmpty()) {
            Duration time = Duration.parse("PT" + forgetAfter);
            config.gossip(gossip -> gossip.toTheDeadTime(time)).stateSync(sync -> sync.reconnectTimeout(time));
        }
        this.member = Memberlist.create(config.build());
        ClusterMessaging.of(member).subscribe("hostile", message -> {});
    }

    public static void main(String[] args) throws IOException {
        PrintStream out = System.out;
        System.setOut(System.err);
        Map<String, String> flags = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            flags.put(args[i], args[i + 1]);
        }
        JavaVictim victim = new JavaVictim(flags, out);
        victim.print(Map.of("event", "ready"));
        victim.obey(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        Runtime.getRuntime().halt(0);
    }

    private void changed(MemberEvent event) {
        String kind = event instanceof MemberEvent.Joined
                ? "joined"
                : event instanceof MemberEvent.Failed || event instanceof MemberEvent.Left ? "left" : "";
        Member about = event.member();
        if (!kind.isEmpty() && watched.contains(about.name())) {
            print(Map.of("event", kind, "name", about.name(), "state", state(about)));
        }
    }

    private static String state(Member member) {
        return member.state().name().toLowerCase(Locale.ROOT);
    }

    /** Obeys until the end of input, so that no member outlives the program that controls it. */
    private void obey(BufferedReader in) throws IOException {
        int id = 0;
        for (String line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
            id++;
            Map<String, Object> answer = new HashMap<>(Map.of("event", "answer", "id", id));
            try {
                answer.putAll(execute(line));
            } catch (Exception e) {
                answer.putAll(Map.of("event", "error", "error", e.toString()));
            }
            print(answer);
        }
    }

    private Map<String, Object> execute(String line) throws Exception {
        String[] words = line.split(" ");
        switch (words[0]) {
            case "join" -> {
                member.join(words[1]).get(60, TimeUnit.SECONDS);
                return Map.of();
            }
            case "leave" -> {
                member.leave(Duration.ofSeconds(10)).get(20, TimeUnit.SECONDS);
                return Map.of();
            }
            case "status" -> {
                return status(words.length > 1);
            }
            default -> throw new IllegalArgumentException("unknown command " + words[0]);
        }
    }

    private Map<String, Object> status(boolean collect) {
        List<Member> known = member.allMembers();
        Map<String, String> states = known.stream()
                .filter(other -> watched.contains(other.name()))
                .collect(Collectors.toMap(Member::name, JavaVictim::state));
        return Map.of(
                "live", member.numMembers(),
                "known", known.size(),
                "states", states,
                "stallNanos", meter.takeStallNanos(),
                "workNanos", meter.takeWorkNanos(),
                "peakHeapBytes", meter.takePeakHeapBytes(),
                "heapBytes", meter.heapBytes(collect));
    }

    private synchronized void print(Map<String, ?> event) {
        out.println(JSON.writeValueAsString(event));
    }
}
