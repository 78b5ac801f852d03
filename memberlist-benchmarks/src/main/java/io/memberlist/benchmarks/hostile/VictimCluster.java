package io.memberlist.benchmarks.hostile;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Three members of one side on loopback, each at an address of its own and all at one port. */
final class VictimCluster implements AutoCloseable {
    static final int SIZE = 3;
    static final String NEWCOMER = "newcomer";

    private static final List<String> NAMES =
            IntStream.range(0, SIZE).mapToObj(VictimCluster::name).toList();
    private static final long START_SECONDS = 60;
    /** A member that has just started still loads its classes, and takes in whoever is told of. */
    private static final long SETTLE_MILLIS = 12_000;

    /** What a member may have open more than before: its own streams come and go. */
    private static final int FILES_SLACK = 3;
    /** What a heap may be larger by than before: code that ran for the first time has loaded classes and made caches. */
    private static final long HEAP_SLACK_BYTES = 16 * 1024 * 1024;

    private final Side side;
    private final Setting setting;
    private final String goProgram;
    private final Path logs;
    private final int port;
    private final List<Victim> members = new ArrayList<>();
    private final Map<Victim, Baseline> before = new HashMap<>();

    private record Baseline(int known, long heapBytes, long openFiles) {}

    /**
     * Starts the members, and returns when each sees all.
     *
     * @param logs the directory for the logs of the members
     */
    VictimCluster(Side side, Setting setting, String goProgram, Path logs) throws IOException, InterruptedException {
        this.side = side;
        this.setting = setting;
        this.goProgram = goProgram;
        this.logs = Files.createDirectories(logs);
        this.port = freePort();
        try {
            for (int i = 0; i < SIZE; i++) {
                members.add(start(name(i), i));
            }
            for (int i = 0; i < SIZE; i++) {
                members.get(i).awaitReady();
            }
            for (int i = 1; i < SIZE; i++) {
                members.get(i).command("join " + seed());
            }
            awaitWhole();
            Thread.sleep(SETTLE_MILLIS);
            for (Victim member : members) {
                Victim.Status status = settled(member);
                before.put(member, new Baseline(status.known(), status.heapBytes(), member.openFiles()));
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static String name(int index) {
        return "victim-" + index;
    }

    private Victim start(String name, int index) throws IOException {
        String host = "127.0.0." + (index + 1);
        List<String> command = new ArrayList<>(side.command(goProgram));
        command.addAll(List.of("-name", name, "-bind", host, "-port", Integer.toString(port)));
        command.addAll(List.of("-watch", String.join(",", NAMES) + "," + NEWCOMER));
        command.addAll(setting.flags());
        return new Victim(
                name,
                new InetSocketAddress(host, port),
                command,
                logs.resolve(name + "-" + System.nanoTime() + ".log"));
    }

    private String seed() {
        return "127.0.0.1:" + port;
    }

    /** {@return the side whose members they are} */
    Side side() {
        return side;
    }

    /** {@return the members, of which the first one is attacked unless a scene attacks all} */
    List<Victim> members() {
        return members;
    }

    Victim first() {
        return members.get(0);
    }

    private void awaitWhole() throws IOException, InterruptedException {
        for (long i = 0; i < START_SECONDS * 4; i++) {
            if (isWhole()) {
                return;
            }
            Thread.sleep(250);
        }
        throw new IOException("the members of " + side + " have not found each other in " + START_SECONDS + " s");
    }

    private boolean isWhole() throws IOException, InterruptedException {
        for (Victim member : members) {
            if (!seesAll(member.status(false))) {
                return false;
            }
        }
        return true;
    }

    private static boolean seesAll(Victim.Status status) {
        return status.live() == SIZE
                && NAMES.stream()
                        .allMatch(name -> "alive".equals(status.states().get(name)));
    }

    /** {@return what a member says after it has collected its garbage, which stalls it} */
    private static Victim.Status settled(Victim member) throws IOException, InterruptedException {
        Victim.Status status = member.status(true);
        Thread.sleep(20);
        member.status(false);
        return status;
    }

    /**
     * {@return what is not as it was before: members that are not alive, or others that are; open files; heap} Empty if all is
     * as before.
     */
    List<String> remains() throws IOException, InterruptedException {
        List<String> remains = new ArrayList<>();
        for (Victim member : members) {
            Baseline was = before.get(member);
            if (was == null) {
                continue;
            }
            Victim.Status now = member.status(false);
            if (!seesAll(now)) {
                remains.add(member.name() + " sees " + now.live() + " live members");
            }
            long files = member.openFiles();
            if (files > was.openFiles() + FILES_SLACK) {
                remains.add(member.name() + " has " + files + " open files, " + was.openFiles() + " before");
            }
            if (remains.isEmpty()) {
                long heap = settled(member).heapBytes();
                if (heap > was.heapBytes() + HEAP_SLACK_BYTES) {
                    remains.add(member.name() + " holds " + heap / 1024 / 1024 + " MiB, "
                            + was.heapBytes() / 1024 / 1024 + " before");
                }
            }
        }
        return remains;
    }

    /** {@return how many records of members are kept that were not there before, at the member that keeps most} */
    int keptRecords() throws IOException, InterruptedException {
        int most = 0;
        for (Victim member : members) {
            Baseline was = before.get(member);
            if (was != null) {
                most = Math.max(most, member.status(false).known() - was.known());
            }
        }
        return most;
    }

    /** {@return how many seconds it took another member to start and join} It is gone again afterwards, and has left. */
    double joinOfANewcomer() throws IOException, InterruptedException {
        try (Victim newcomer = start(NEWCOMER, SIZE)) {
            newcomer.awaitReady();
            long began = System.nanoTime();
            newcomer.command("join " + seed());
            double seconds = (System.nanoTime() - began) / 1e9;
            newcomer.command("leave");
            return seconds;
        }
    }

    /** Kills the last member. {@return when} */
    long killLast() {
        Victim last = members.remove(SIZE - 1);
        before.remove(last);
        last.close();
        return System.nanoTime();
    }

    /** Starts the last member again. */
    void restoreLast() throws IOException, InterruptedException {
        Victim last = start(name(SIZE - 1), SIZE - 1);
        members.add(last);
        last.awaitReady();
        last.command("join " + seed());
        // Its start does not count.
        last.status(false);
    }

    /** {@return how often one of the members has taken another one for dead or gone} */
    long failuresSeen() {
        return members.stream()
                .flatMap(member -> member.changes().stream())
                .filter(change ->
                        change.event().equals("left") && !change.about().equals(NEWCOMER))
                .count();
    }

    /** {@return how often one of the members has taken this one for dead or gone} */
    long failuresOf(String name) {
        return members.stream()
                .flatMap(member -> member.changes().stream())
                .filter(change ->
                        change.event().equals("left") && change.about().equals(name))
                .count();
    }

    /** {@return the bytes that all members have logged} */
    long logBytes() {
        return members.stream().mapToLong(Victim::logBytes).sum();
    }

    @Override
    public void close() {
        members.forEach(Victim::close);
    }
}
