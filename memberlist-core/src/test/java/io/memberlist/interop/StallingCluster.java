package io.memberlist.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memberlist.scenes.MemberProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Java members in processes of their own, and Go nodes. Some of the Java members stand still for a while, or nearly so. */
final class StallingCluster implements AutoCloseable {
    private static final Duration FORMED = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SETTLED = Duration.ofSeconds(5);
    private static final Path CGROUP = Path.of("/sys/fs/cgroup/cpu");

    private final List<MemberProcess> java = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<GoNode> go = new ArrayList<>();

    /**
     * How members did whom others had to wait for.
     *
     * @param believedMillis from the moment at which they went on until all others had all of them as alive
     * @param falselyTold what each Java member was told of members that never stood still: suspected or failed
     * @param toldOfStalled what each Java member that did not stand still was told of those that did
     * @param goTold how many joins and ends of members the Go nodes were told of in all
     */
    record Outcome(
            long believedMillis,
            Map<String, Map<String, Long>> falselyTold,
            Map<String, Map<String, Long>> toldOfStalled,
            Map<String, Long> goTold) {}

    /** A way to stop a process. */
    interface Stall {
        void begin(long pid) throws IOException;

        void end(long pid) throws IOException;
    }

    /** Starts the members and waits until all know all. */
    static StallingCluster of(int javaMembers, int goNodes, String preset) {
        StallingCluster cluster = new StallingCluster();
        try {
            cluster.start(javaMembers, goNodes, preset);
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    private void start(int javaMembers, int goNodes, String preset) {
        for (int i = 1; i <= javaMembers; i++) {
            List<String> arguments = new ArrayList<>(List.of("bind=127.0.0.1:0", "preset=" + preset));
            if (i > 1) {
                arguments.add("seed=" + java.get(0).address());
            }
            java.add(MemberProcess.start("java-" + i, arguments.toArray(String[]::new)));
            names.add("java-" + i);
        }
        for (int i = 1; i <= goNodes; i++) {
            GoNode node = GoNode.named("go-" + i).preset(preset).start();
            go.add(node);
            node.command("join " + java.get(0).address());
        }
        int all = javaMembers + goNodes;
        await().atMost(FORMED).untilAsserted(() -> {
            for (MemberProcess member : java) {
                assertThat(member.members()).hasSize(all);
            }
            for (GoNode node : go) {
                assertThat(node.live()).hasSize(all);
            }
        });
    }

    /** Lets the last Java members stand still for a while, and waits until all others believe in them again. */
    Outcome stall(int count, Duration time, Stall how) throws IOException, InterruptedException {
        int first = java.size() - count;
        List<MemberProcess> stalled = java.subList(first, java.size());
        List<String> stalledNames = names.subList(first, names.size());
        Map<String, Integer> before = new TreeMap<>();
        for (int i = 0; i < java.size(); i++) {
            before.put(names.get(i), java.get(i).lines().size());
        }
        Map<GoNode, Integer> goBefore = go.stream()
                .collect(Collectors.toMap(node -> node, node -> node.events().size()));
        for (MemberProcess member : stalled) {
            how.begin(member.process().pid());
        }
        Thread.sleep(time.toMillis());
        for (MemberProcess member : stalled) {
            how.end(member.process().pid());
        }
        long begun = System.nanoTime();
        await().pollInterval(Duration.ofMillis(50)).atMost(PATIENCE).until(() -> areBelieved(first, stalledNames));
        long believed = (System.nanoTime() - begun) / 1_000_000;
        Thread.sleep(SETTLED.toMillis());
        Map<String, Map<String, Long>> falsely = new TreeMap<>();
        Map<String, Map<String, Long>> ofStalled = new TreeMap<>();
        for (int i = 0; i < java.size(); i++) {
            List<String> told = java.get(i).lines().stream()
                    .skip(before.get(names.get(i)))
                    .filter(line -> line.matches("! (Suspected|Failed|Joined|Recovered|Left) .*"))
                    .toList();
            falsely.put(
                    names.get(i),
                    counts(told.stream()
                            .filter(line ->
                                    line.matches("! (Suspected|Failed) .*") && !stalledNames.contains(subject(line)))));
            if (i < first) {
                ofStalled.put(names.get(i), counts(told.stream().filter(line -> stalledNames.contains(subject(line)))));
            }
        }
        Map<String, Long> goTold = go.stream()
                .flatMap(node -> node.events().stream().skip(goBefore.get(node)))
                .filter(event ->
                        event.has("event") && event.get("event").asString().matches("joined|left"))
                .map(event -> event.get("event").asString())
                .collect(Collectors.groupingBy(event -> event, TreeMap::new, Collectors.counting()));
        return new Outcome(believed, falsely, ofStalled, goTold);
    }

    private boolean areBelieved(int first, List<String> stalled) {
        return java.subList(0, first).stream()
                        .allMatch(member -> stalled.stream()
                                .allMatch(name -> member.views("all").stream()
                                        .anyMatch(view -> view.startsWith(name + "@") && view.endsWith("=ALIVE"))))
                && go.stream()
                        .allMatch(node -> stalled.stream()
                                .allMatch(name -> node.live().stream()
                                        .anyMatch(view -> view.name().equals(name)
                                                && view.state().equals("alive"))));
    }

    private static String subject(String line) {
        return line.substring(line.indexOf(' ', 2) + 1, line.indexOf('@'));
    }

    private static Map<String, Long> counts(Stream<String> lines) {
        return lines.map(line -> line.substring(2, line.indexOf('@')))
                .collect(Collectors.groupingBy(event -> event, TreeMap::new, Collectors.counting()));
    }

    /** Stops processes by a signal. */
    static final class Signal implements Stall {
        @Override
        public void begin(long pid) throws IOException {
            send("-STOP", pid);
        }

        @Override
        public void end(long pid) throws IOException {
            send("-CONT", pid);
        }

        private static void send(String signal, long pid) throws IOException {
            new ProcessBuilder("kill", signal, String.valueOf(pid))
                    .start()
                    .onExit()
                    .join();
        }
    }

    /** Gives processes a millisecond of processor time a second, as a container has it whose quota is used up. */
    static final class Throttle implements Stall {
        private static final int PERIOD_MICROS = 1_000_000;
        private static final int QUOTA_MICROS = 1000;

        @Override
        public void begin(long pid) throws IOException {
            Path group = group(pid);
            Files.createDirectory(group);
            Files.writeString(group.resolve("cpu.cfs_period_us"), String.valueOf(PERIOD_MICROS));
            Files.writeString(group.resolve("cpu.cfs_quota_us"), String.valueOf(QUOTA_MICROS));
            Files.writeString(group.resolve("cgroup.procs"), String.valueOf(pid));
        }

        @Override
        public void end(long pid) throws IOException {
            Files.writeString(group(pid).resolve("cpu.cfs_quota_us"), "-1");
            Files.writeString(CGROUP.resolve("cgroup.procs"), String.valueOf(pid));
            Files.delete(group(pid));
        }

        private static Path group(long pid) {
            return CGROUP.resolve("memberlist-" + pid);
        }
    }

    @Override
    public void close() {
        java.forEach(MemberProcess::kill);
        go.forEach(GoNode::close);
    }
}
