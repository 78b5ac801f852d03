package io.memberlist.benchmarks.hostile;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A member in a process of its own, of either side. One thread sends commands; other threads read its output. */
final class Victim implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int PATIENCE_SECONDS = 90;

    private final String name;
    private final InetSocketAddress address;
    private final Process process;
    private final OutputStream input;
    private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
    private final List<Change> changes = new CopyOnWriteArrayList<>();
    private final AtomicLong logBytes = new AtomicLong();

    /** A watched member has joined, or is gone. */
    record Change(String event, String about, long atNanos) {}

    /**
     * What a member says of itself.
     *
     * @param live how many members it takes for alive
     * @param known how many members it knows, in whatever state
     * @param states the states of the watched members that it knows
     * @param stallNanos the longest time for which it did nothing else, since it was asked last
     * @param workNanos the part of that for which its own work is to blame; -1 where that is not known
     * @param peakHeapBytes the largest heap since it was asked last
     * @param heapBytes the heap now
     */
    record Status(
            int live,
            int known,
            Map<String, String> states,
            long stallNanos,
            long workNanos,
            long peakHeapBytes,
            long heapBytes) {}

    /** @param log where its log goes */
    Victim(String name, InetSocketAddress address, List<String> command, Path log) throws IOException {
        this.name = name;
        this.address = address;
        process = new ProcessBuilder(command).start();
        input = process.getOutputStream();
        thread(() -> readEvents(process.inputReader(StandardCharsets.UTF_8)));
        thread(() -> readLog(process.getErrorStream(), log));
    }

    private void thread(Reading reading) {
        Thread thread = new Thread(
                () -> {
                    try {
                        reading.run();
                    } catch (IOException ended) {
                        // The pipes of a process that has ended are closed.
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private interface Reading {
        void run() throws IOException;
    }

    private void readEvents(BufferedReader reader) throws IOException {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            JsonNode event = JSON.readTree(line);
            String kind = event.path("event").asString("");
            switch (kind) {
                case "joined", "left" ->
                    changes.add(new Change(kind, event.path("name").asString(""), System.nanoTime()));
                case "ready", "answer", "error" -> answers.add(event);
                default -> {}
            }
        }
    }

    private void readLog(InputStream errors, Path log) throws IOException {
        try (OutputStream out = Files.newOutputStream(log)) {
            byte[] buffer = new byte[8192];
            for (int read = errors.read(buffer); read >= 0; read = errors.read(buffer)) {
                logBytes.addAndGet(read);
                out.write(buffer, 0, read);
                out.flush();
            }
        }
    }

    String name() {
        return name;
    }

    InetSocketAddress address() {
        return address;
    }

    long pid() {
        return process.pid();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    long logBytes() {
        return logBytes.get();
    }

    List<Change> changes() {
        return new ArrayList<>(changes);
    }

    /** {@return when it noticed that a member was gone, or null if it has not since} */
    @Nullable
    Long goneAtNanos(String member, long sinceNanos) {
        return changes.stream()
                .filter(change -> change.event().equals("left")
                        && change.about().equals(member)
                        && change.atNanos() - sinceNanos >= 0)
                .map(Change::atNanos)
                .findFirst()
                .orElse(null);
    }

    /** Waits until it listens. */
    void awaitReady() throws IOException, InterruptedException {
        answer("its start");
    }

    /**
     * Sends a command and waits for the answer.
     *
     * @throws IOException if the answer is an error, or if there is none
     */
    synchronized JsonNode command(String line) throws IOException, InterruptedException {
        answers.clear();
        input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
        return answer(line);
    }

    private JsonNode answer(String to) throws IOException, InterruptedException {
        for (int i = 0; i < PATIENCE_SECONDS && (process.isAlive() || !answers.isEmpty()); i++) {
            JsonNode answer = answers.poll(1, TimeUnit.SECONDS);
            if (answer != null && answer.has("error")) {
                throw new IOException(
                        name + " answers to " + to + ": " + answer.path("error").asString(""));
            }
            if (answer != null) {
                return answer;
            }
        }
        throw new IOException(name + " gives no answer to " + to + (process.isAlive() ? "" : ": it has ended"));
    }

    /** @param collect whether it shall collect its garbage before it tells how large its heap is */
    Status status(boolean collect) throws IOException, InterruptedException {
        JsonNode answer = command(collect ? "status collect" : "status");
        Map<String, String> states = answer.path("states")
                .propertyStream()
                .collect(java.util.stream.Collectors.toMap(
                        Map.Entry::getKey, state -> state.getValue().asString("")));
        return new Status(
                answer.path("live").asInt(0),
                answer.path("known").asInt(0),
                states,
                answer.path("stallNanos").asLong(0),
                answer.path("workNanos").asLong(-1),
                answer.path("peakHeapBytes").asLong(0),
                answer.path("heapBytes").asLong(0));
    }

    /** {@return how many files and sockets it has open} */
    long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid()), "fd"))) {
            return files.count();
        }
    }

    /** Kills it, as in a crash. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
