package io.memberlist.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A {@link MemberProgram} that runs on a {@link Host}. */
public final class MemberProcess {
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final String name;
    private final Process process;
    private final Writer in;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    /** Waits until the member has started. */
    MemberProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.in = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "output of " + name);
        reader.setDaemon(true);
        reader.start();
        assertThat(answer()).isEqualTo("ready");
    }

    /** Starts a member on this machine, and waits until it has started. See {@link MemberProgram} for the arguments. */
    public static MemberProcess start(String name, String... arguments) {
        List<String> all = new ArrayList<>(List.of("name=" + name));
        all.addAll(List.of(arguments));
        try {
            return new MemberProcess(
                    name,
                    new ProcessBuilder(Host.javaCommand(MemberProgram.class, List.of(), all))
                            .redirectErrorStream(true)
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
                if (line.startsWith("= ")) {
                    answers.add(line.substring(2));
                }
            }
        } catch (IOException e) {
            lines.add("the output ended: " + e);
        }
    }

    /** {@return everything it wrote so far: its log, notifications and answers} */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** {@return the names of the live members, as this one believes} */
    public Set<String> members() {
        return views("members").stream()
                .map(view -> view.substring(0, view.lastIndexOf('@')))
                .collect(Collectors.toSet());
    }

    /** {@return members as {@code name@address:port=STATE}; {@code command} is members, all or local} */
    public List<String> views(String command) {
        return Arrays.asList(ask(command).split(" "));
    }

    /** {@return the local member's address and port} */
    public String address() {
        String local = ask("local");
        return local.substring(local.lastIndexOf('@') + 1, local.lastIndexOf('='));
    }

    /** Waits until it believes that exactly these members live. */
    public void awaitMembers(Duration timeout, String... names) {
        await("members of " + name)
                .atMost(timeout)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> assertThat(members()).containsExactlyInAnyOrder(names));
    }

    /** Waits until it has written a line that begins so. */
    public void awaitLine(String beginning, Duration timeout) {
        await("line '" + beginning + "' of " + name)
                .atMost(timeout)
                .until(() -> lines.stream().anyMatch(line -> line.startsWith(beginning)));
    }

    /** {@return the answer to a command} */
    public synchronized String ask(String command) {
        try {
            in.write(command + "\n");
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " is gone; it wrote " + lines, e);
        }
        return answer();
    }

    private String answer() {
        try {
            String answer = answers.poll(ANSWER.toSeconds(), TimeUnit.SECONDS);
            if (answer == null) {
                throw new AssertionError(name + " does not answer; it wrote " + lines);
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Kills it as {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** {@return the process} {@code ip netns exec} replaces itself, so this is the member's. */
    public Process process() {
        return process;
    }
}
