package io.memberlist.benchmarks.hostile;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One run of a scene against one cluster: what an attack can use. */
final class SceneRun implements AutoCloseable {
    private static final long DEATH_SECONDS = 120;
    private static final long LEAVE_MILLIS = 2000;
    private static final int FIRST_HOST = 66;

    private final VictimCluster cluster;
    private final double seconds;
    private final List<Attacker> attackers = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Random random = new Random(15);
    private final List<Double> joinSeconds = new ArrayList<>();
    private int failedJoins;
    private long expectedFailures;
    private long done;

    SceneRun(VictimCluster cluster, double seconds) throws IOException {
        this.cluster = cluster;
        this.seconds = seconds;
        attackers.add(new Attacker("127.0.0." + FIRST_HOST));
    }

    /** An action of an attack, which may fail as a member may refuse it. */
    interface Action {
        void run() throws Exception;
    }

    VictimCluster cluster() {
        return cluster;
    }

    /** {@return the address of the member that is attacked} */
    InetSocketAddress victim() {
        return cluster.first().address();
    }

    Attacker attacker() {
        return attackers.get(0);
    }

    /** {@return another attacker, at an address of its own} */
    Attacker anotherAttacker() throws IOException {
        Attacker another = new Attacker("127.0.0." + (FIRST_HOST + attackers.size()));
        attackers.add(another);
        return another;
    }

    /** {@return the random source, the same in every run} */
    Random random() {
        return random;
    }

    double seconds() {
        return seconds;
    }

    /** Adds to what the table says of this run. */
    void note(String format, Object... values) {
        notes.add(String.format(Locale.ROOT, format, values));
    }

    List<String> notes() {
        List<String> all = new ArrayList<>();
        if (!joinSeconds.isEmpty()) {
            all.add(String.format(
                    Locale.ROOT, "%d joined, in %.1f s at most", joinSeconds.size(), Collections.max(joinSeconds)));
        }
        if (failedJoins > 0) {
            all.add("**" + failedJoins + " could not join**");
        }
        all.addAll(notes);
        return all;
    }

    /** Does something as often as possible. */
    void flood(Action action) throws Exception {
        long end = System.nanoTime() + nanos(seconds);
        while (System.nanoTime() - end < 0) {
            once(action);
        }
    }

    /** Does something so many times a second. */
    void pace(double perSecond, Action action) throws Exception {
        long began = System.nanoTime();
        for (long i = 0; ; i++) {
            long due = began + nanos(i / perSecond);
            if (due - began > nanos(seconds)) {
                return;
            }
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            once(action);
        }
    }

    /** Does something once, and counts it. */
    void once(Action action) throws Exception {
        action.run();
        done++;
    }

    /** Waits until the time of the scene is over. */
    void rest() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanos(seconds));
    }

    private static long nanos(double seconds) {
        return (long) (seconds * 1e9);
    }

    /** {@return how often an action was done} */
    long done() {
        return done;
    }

    /** Has another member join, and remembers how long it took. */
    void join() throws InterruptedException {
        try {
            joinSeconds.add(cluster.joinOfANewcomer());
        } catch (IOException e) {
            failedJoins++;
        }
    }

    /** Kills a member, notes how long it took the others to notice, and starts it again. */
    void death() throws IOException, InterruptedException {
        long killed = cluster.killLast();
        String name = VictimCluster.name(VictimCluster.SIZE - 1);
        Double worst = null;
        for (int i = 0; i < DEATH_SECONDS * 10 && worst == null; i++) {
            Thread.sleep(100);
            if (cluster.members().stream().allMatch(member -> member.goneAtNanos(name, killed) != null)) {
                worst = cluster.members().stream()
                        .mapToDouble(member -> {
                            Long at = member.goneAtNanos(name, killed);
                            return at == null ? 0 : (at - killed) / 1e9;
                        })
                        .max()
                        .orElseThrow();
            }
        }
        if (worst == null) {
            note("**a death was not noticed in %d s**", DEATH_SECONDS);
        } else {
            note("a death was noticed after %.1f s", worst);
        }
        expectedFailures += cluster.members().stream()
                .filter(member -> member.goneAtNanos(name, killed) != null)
                .count();
        cluster.restoreLast();
    }

    /** Has the last member leave, notes whether the others believe it, and starts it again. */
    void leave() throws IOException, InterruptedException {
        List<Victim> members = cluster.members();
        Victim leaver = members.get(members.size() - 1);
        leaver.command("leave");
        Thread.sleep(LEAVE_MILLIS);
        for (Victim member : members.subList(0, members.size() - 1)) {
            String state = member.status(false).states().getOrDefault(leaver.name(), "unknown");
            if (!state.equals("left")) {
                note("**%s takes the one that left for %s**", member.name(), state);
            }
        }
        expectedFailures += cluster.failuresOf(leaver.name());
        cluster.killLast();
        cluster.restoreLast();
    }

    /** {@return how many of the failures that members have seen were none} */
    long falseFailures() {
        return Math.max(0, cluster.failuresSeen() - expectedFailures);
    }

    long packetsSent() {
        return attackers.stream().mapToLong(Attacker::packetsSent).sum();
    }

    long bytesSent() {
        return attackers.stream().mapToLong(Attacker::bytesSent).sum();
    }

    long bytesReceived() {
        return attackers.stream().mapToLong(Attacker::bytesReceived).sum();
    }

    @Override
    public void close() throws IOException {
        for (Attacker attacker : attackers) {
            attacker.close();
        }
    }
}
