package io.memberlist.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A node on the real Go library, in its own process: on the plain library, or as Alertmanager or dskit use it. {@code
 * interop/README.md} describes the commands and events of each.
 *
 * <pre>{@code
 * try (GoNode node = GoNode.named("go").meta("blue").start()) {
 *     node.command("join 127.0.0.1:7946");
 *     node.awaitEvent(GoNode.event("joined"), Duration.ofSeconds(5));
 * }
 * }</pre>
 *
 * <p>Daemon threads read its output, so it never waits for a test. Any thread may call.
 */
final class GoNode implements Node {
    /** Longer than any command takes: leaving and updating give up after ten seconds, dialling after the preset's. */
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final String name;
    private final Process process;
    private final OutputStream input;
    private final AwaitableList<JsonNode> events = new AwaitableList<>();
    private final AwaitableList<String> log = new AwaitableList<>();
    private int commands;

    GoNode(String name, List<String> commandLine) {
        this.name = name;
        try {
            process = new ProcessBuilder(commandLine).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        input = process.getOutputStream();
        read("events", process.inputReader(StandardCharsets.UTF_8), line -> events.add(JSON.readTree(line)), events);
        read("log", process.errorReader(StandardCharsets.UTF_8), log::add, log);
    }

    /** Returns a builder for a node of that name on the plain library; {@link GoNodeBuilder#start()} starts it. */
    static GoNodeBuilder named(String name) {
        return new GoNodeBuilder(GoProgram.MEMBERLIST, name);
    }

    /** Returns a builder for a peer of Alertmanager's cluster. */
    static GoNodeBuilder alertmanager(String name) {
        return new GoNodeBuilder(GoProgram.ALERTMANAGER, name);
    }

    /** Returns a builder for a node of dskit. */
    static GoNodeBuilder dskit(String name) {
        return new GoNodeBuilder(GoProgram.DSKIT, name);
    }

    void awaitReady() {
        awaitEvent(event("ready"), START_TIMEOUT);
    }

    @Override
    public String name() {
        return name;
    }

    /** {@return where the node listens, as it advertises it} */
    InetSocketAddress address() {
        JsonNode ready = awaitEvent(event("ready"), START_TIMEOUT);
        try {
            return new InetSocketAddress(
                    InetAddress.getByName(ready.get("addr").asString()),
                    ready.get("port").asInt());
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String seed() {
        return MemberView.text(address());
    }

    /**
     * Sends a command and waits for its answer.
     *
     * @throws GoCommandException if the node answered with an error
     */
    synchronized JsonNode command(String line) {
        if (line.contains("\n")) {
            throw new IllegalArgumentException("a command is one line; write text with line breaks as base64:...");
        }
        int id = ++commands;
        try {
            input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException e) {
            throw new IllegalStateException("Go node " + name + " does not take commands" + recentLog(), e);
        }
        JsonNode answer = awaitEvent(
                event("answer").or(event("error")).and(e -> e.get("id").asInt() == id), COMMAND_TIMEOUT);
        if (answer.has("error")) {
            throw new GoCommandException(answer.get("error").asString());
        }
        return answer;
    }

    /** {@return the members that are alive or suspect for the node} */
    List<GoMember> members() {
        return members("members");
    }

    /** {@return all members that the node knows, including dead and left ones} */
    List<GoMember> allMembers() {
        return members("all");
    }

    private List<GoMember> members(String command) {
        return command(command).get("members").valueStream().map(GoMember::of).toList();
    }

    @Override
    public Set<MemberView> live() {
        return members().stream().map(MemberView::of).collect(Collectors.toSet());
    }

    @Override
    public Set<MemberView> all() {
        return allMembers().stream().map(MemberView::of).collect(Collectors.toSet());
    }

    @Override
    public void join(Node seed) {
        command("join " + seed.seed());
    }

    @Override
    public void leave() {
        command("leave");
    }

    /** {@return everything it has printed so far, in order} */
    List<JsonNode> events() {
        return events.snapshot();
    }

    /** {@return the first matching event, past or future} Fails if there is none in time, or if the node ended. */
    JsonNode awaitEvent(Predicate<JsonNode> predicate, Duration timeout) {
        return events.await(predicate, timeout)
                .orElseThrow(() -> new AssertionError("Go node " + name + " printed no such event within " + timeout
                        + "; it printed " + events.snapshot() + recentLog()));
    }

    /** {@return what the Go library, or the program on it, has logged so far} */
    List<String> stderr() {
        return log.snapshot();
    }

    @Override
    public void updateMeta(String meta) {
        command("meta " + meta);
    }

    @Override
    public void broadcast(String message) {
        command("broadcast " + message);
    }

    @Override
    public void awaitMessage(String message, Duration timeout) {
        awaitEvent(message(message), timeout);
    }

    @Override
    public void awaitRemoteState(String state, Duration timeout) {
        awaitEvent(remoteState(state), timeout);
    }

    @Override
    public String awaitGone(String member, Duration timeout) {
        return awaitEvent(event("left", member), timeout).get("state").asString();
    }

    @Override
    public List<String> complaints() {
        // Programs that have a log of their own tell of it by events.
        Stream<String> told = events().stream()
                .filter(event("log"))
                .map(line -> line.get("text").asString());
        return Stream.concat(stderr().stream().filter(GoLog::isComplaint), told)
                .filter(line -> !GoLog.tellsOfSlowness(line))
                .toList();
    }

    /** Kills the process, as in a crash. */
    @Override
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Asks the node to end without leaving the cluster, and kills it if it does not. */
    @Override
    public void close() {
        try {
            // The node ends at the end of its input.
            input.close();
        } catch (IOException alreadyGone) {
            // It has ended already.
        }
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private String recentLog() {
        if (events.isClosed()) {
            // The node is ending. The last lines, which give the reason, may still be in transit.
            log.awaitClosed(Duration.ofSeconds(5));
        }
        List<String> lines = log.snapshot();
        return "; its log ends with " + lines.subList(Math.max(0, lines.size() - 10), lines.size());
    }

    private interface LineConsumer {
        void accept(String line);
    }

    private void read(String what, BufferedReader reader, LineConsumer consumer, AwaitableList<?> list) {
        Thread thread = new Thread(
                () -> {
                    try (reader) {
                        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                            consumer.accept(line);
                        }
                    } catch (IOException ended) {
                        // The pipes of a killed process are closed.
                    } finally {
                        list.close();
                    }
                },
                "go-node-" + name + "-" + what);
        thread.setDaemon(true);
        thread.start();
    }

    /** Matches events of that kind. */
    static Predicate<JsonNode> event(String kind) {
        return event -> event.get("event").asString().equals(kind);
    }

    /** Matches events of that kind about that member. */
    static Predicate<JsonNode> event(String kind, String member) {
        return event(kind).and(event -> event.get("name").asString().equals(member));
    }

    /** Matches the arrival of a user message with that text. */
    static Predicate<JsonNode> message(String text) {
        return event("message").and(event -> event.path("text").asString("").equals(text));
    }

    /** Matches the arrival of that user state, with a join or with a push/pull later on. */
    static Predicate<JsonNode> remoteState(String text) {
        return event("remoteState").and(event -> event.path("text").asString("").equals(text));
    }

    /** Matches that a node of Alertmanager or dskit has a value with that SHA-256, by a command or from another node. */
    static Predicate<JsonNode> value(String key, String sha256) {
        return event("value")
                .and(event -> event.get("key").asString().equals(key)
                        && event.get("sha256").asString().equals(sha256));
    }
}
