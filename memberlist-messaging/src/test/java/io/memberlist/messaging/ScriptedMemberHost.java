package io.memberlist.messaging;

import io.memberlist.Memberlist;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.member.Member;
import io.memberlist.member.MemberEvent;
import io.memberlist.messaging.message.Delivery;
import io.memberlist.messaging.metrics.MessagingStatistics;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Hosts some members of a cluster with more members in other processes. It reads one command per line and prints
 * figures, for experiments on a network with faults.
 *
 * <p>Arguments: the prefix of the members' names, their number, the address to bind, the first port, and the address
 * and port of a seed ({@code -} for none).
 *
 * <p>Commands; one that ends with {@code &} does not wait for the previous one:
 * <ul>
 *   <li>{@code size N}: waits until all know N members
 *   <li>{@code send MESSAGES PER_SECOND BYTES ORIGINS}: so many broadcasts, of the first so many members in turn
 *   <li>{@code await N SECONDS}: until every member here has N messages
 *   <li>{@code restart INDEX}, {@code stop INDEX}: without leaving
 *   <li>{@code to NAME MESSAGES PER_SECOND BYTES best|reliable|request}: from the first member to one
 *   <li>{@code report [PREFIX]}: of the messages of origins whose names begin so
 *   <li>{@code statistics}, {@code sleep SECONDS}, {@code halt}, {@code quit}
 * </ul>
 */
public final class ScriptedMemberHost {
    private static final PrintStream out = System.out;

    private final Deliveries deliveries = new Deliveries();
    private final List<Memberlist> members = new ArrayList<>();
    private final AtomicInteger suspected = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicLong directs = new AtomicLong();
    private final AtomicLong longestPauseNanos = new AtomicLong();
    private final String prefix;
    private final String address;
    private final int firstPort;
    private final String seed;

    private ScriptedMemberHost(String prefix, String address, int firstPort, String seed) {
        this.prefix = prefix;
        this.address = address;
        this.firstPort = firstPort;
        this.seed = seed;
    }

    public static void main(String[] args) throws Exception {
        ScriptedMemberHost host = new ScriptedMemberHost(args[0], args[2], Integer.parseInt(args[3]), args[4]);
        host.watchTheClock();
        for (int i = 0; i < Integer.parseInt(args[1]); i++) {
            host.members.add(host.start(i));
        }
        say("started");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String command = line.endsWith("&") ? line.substring(0, line.length() - 1) : line;
            if (line.endsWith("&")) {
                CompletableFuture.runAsync(() -> host.carryOut(command.trim().split(" ")));
            } else {
                host.carryOut(command.trim().split(" "));
            }
        }
        System.exit(0);
    }

    private static void say(String format, Object... values) {
        out.printf("%7.1f ", System.nanoTime() / 1e9 % 100_000);
        out.printf(format + "%n", values);
    }

    /** This process may have been stopped for some time; suspicions of that time are not counted. */
    private void watchTheClock() {
        Thread watching = new Thread(() -> {
            for (long before = System.nanoTime(); ; before = System.nanoTime()) {
                LockSupport.parkNanos(10_000_000);
                long pauseNanos = System.nanoTime() - before;
                longestPauseNanos.accumulateAndGet(pauseNanos, Math::max);
                if (pauseNanos > 1_000_000_000L) {
                    say("stopped for %.1f s", pauseNanos / 1e9);
                }
            }
        });
        watching.setDaemon(true);
        watching.start();
    }

    private Memberlist start(int index) {
        String name = prefix + index;
        Deliveries.Life life = deliveries.begin(name);
        Memberlist member = Memberlist.create(RecordingSubscriber.messaging(MemberlistConfig.lan())
                .nodeName(name)
                .network(n -> n.bindAddress(address).bindPort(firstPort + index))
                .delegates(d -> d.event(event -> {
                    if (event instanceof MemberEvent.Suspected) {
                        suspected.incrementAndGet();
                    } else if (event instanceof MemberEvent.Failed) {
                        failed.incrementAndGet();
                    }
                }))
                .build());
        ClusterMessaging.of(member).subscribe("trial", life::add);
        ClusterMessaging.of(member).subscribe("direct", message -> directs.incrementAndGet());
        ClusterMessaging.of(member).respond("ask", request -> CompletableFuture.completedFuture(request.payload()));
        String to = seed.equals("-") ? address + ":" + firstPort : seed;
        if (index > 0 || !seed.equals("-")) {
            join(member, to);
        }
        return member;
    }

    private static void join(Memberlist member, String to) {
        while (true) {
            try {
                member.join(to).get(30, TimeUnit.SECONDS);
                return;
            } catch (Exception e) {
                say("%s: %s", member.localMember().name(), e);
                LockSupport.parkNanos(1_000_000_000);
            }
        }
    }

    private void carryOut(String[] words) {
        try {
            switch (words[0]) {
                case "size" -> size(number(words, 1));
                case "send" -> send(number(words, 1), number(words, 2), number(words, 3), number(words, 4));
                case "await" -> await(number(words, 1), number(words, 2));
                case "restart" -> {
                    members.get(number(words, 1)).close();
                    members.set(number(words, 1), start(number(words, 1)));
                    say("restarted %s", prefix + words[1]);
                }
                case "stop" -> {
                    members.get(number(words, 1)).close();
                    deliveries.end(prefix + words[1]);
                }
                case "to" -> to(words[1], number(words, 2), number(words, 3), number(words, 4), words[5]);
                case "report" ->
                    say("%s", deliveries.report(origin -> words.length < 2 || origin.startsWith(words[1])));
                case "statistics" -> statistics();
                case "sleep" -> LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(number(words, 1)));
                case "halt" -> Runtime.getRuntime().halt(1);
                case "quit" -> System.exit(0);
                default -> say("what is '%s'?", words[0]);
            }
        } catch (RuntimeException e) {
            say("%s: %s", String.join(" ", words), e);
        }
    }

    private static int number(String[] words, int at) {
        return Integer.parseInt(words[at]);
    }

    private List<Memberlist> running() {
        return members.stream().filter(Memberlist::isRunning).toList();
    }

    private void size(int count) {
        long began = System.nanoTime();
        while (!running().stream().allMatch(member -> member.numMembers() == count)) {
            LockSupport.parkNanos(5_000_000);
            if (System.nanoTime() - began > 180_000_000_000L) {
                say("not all know %d members after 180 s", count);
                return;
            }
        }
        say("all know %d members after %.1f s", count, (System.nanoTime() - began) / 1e9);
    }

    private static byte[] payload(int length) {
        byte[] payload = new byte[Math.max(Long.BYTES, length)];
        new Random(length).nextBytes(payload);
        ByteBuffer.wrap(payload).putLong(System.nanoTime());
        return payload;
    }

    private void send(int messages, int perSecond, int length, int origins) {
        Outcomes outcomes = new Outcomes();
        long began = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            pace(began, i, perSecond);
            outcomes.watch(ClusterMessaging.of(running().get(i % origins)).broadcast("trial", payload(length)));
        }
        say("broadcast %d of %d bytes in %.1f s", messages, length, (System.nanoTime() - began) / 1e9);
        say("%s", outcomes.await());
    }

    private static void pace(long began, int i, int perSecond) {
        for (long due = began + i * 1_000_000_000L / perSecond; System.nanoTime() < due; ) {
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    private void to(String name, int messages, int perSecond, int length, String how) {
        ClusterMessaging messaging = ClusterMessaging.of(members.get(0));
        Member to = members.get(0).member(name).orElseThrow();
        Outcomes outcomes = new Outcomes();
        long began = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            pace(began, i, perSecond);
            outcomes.watch(
                    switch (how) {
                        case "best" -> messaging.send(to, "direct", payload(length), Delivery.BEST_EFFORT);
                        case "reliable" -> messaging.send(to, "direct", payload(length), Delivery.RELIABLE);
                        default -> messaging.request(to, "ask", payload(length), Duration.ofSeconds(5));
                    });
        }
        say("%d %s to %s: %s", messages, how, name, outcomes.await());
    }

    private void await(int count, int seconds) {
        long began = System.nanoTime();
        while (deliveries.least() < count && System.nanoTime() - began < seconds * 1_000_000_000L) {
            LockSupport.parkNanos(5_000_000);
        }
        say("all have %d of %d after %.2f s", deliveries.least(), count, (System.nanoTime() - began) / 1e9);
    }

    private void statistics() {
        Map<String, Long> sums = new TreeMap<>();
        for (Memberlist member : running()) {
            MessagingStatistics of = ClusterMessaging.of(member).statistics();
            of.drops().forEach((reason, number) -> sums.merge("dropped " + reason, number, Long::sum));
            member.statistics().drops().forEach((reason, number) -> sums.merge("engine " + reason, number, Long::sum));
            sums.merge("repaired", of.repaired(), Long::sum);
            sums.merge("repairsSent", of.repairsSent(), Long::sum);
            sums.merge("streamRetries", of.streamRetries(), Long::sum);
            sums.merge("outgoing", (long) of.outgoing(), Long::sum);
            sums.merge("most stored bytes", of.storedBytes(), Math::max);
            sums.merge("most stored", (long) of.stored(), Math::max);
            sums.merge("held", (long) of.held(), Long::sum);
            sums.merge("most origins", (long) of.origins(), Math::max);
            sums.merge("handlerFailures", of.handlerFailures(), Long::sum);
        }
        say(
                "suspected %d, failed %d, the longest pause %.0f ms, directs %d, threads %d, %s",
                suspected.getAndSet(0),
                failed.getAndSet(0),
                longestPauseNanos.getAndSet(0) / 1e6,
                directs.getAndSet(0),
                Thread.activeCount(),
                sums);
    }

    /** Counts the results of futures. */
    private static final class Outcomes {
        private final List<CompletableFuture<?>> futures = new ArrayList<>();
        private final Map<String, Integer> failures = new TreeMap<>();

        void watch(CompletableFuture<?> future) {
            futures.add(future);
        }

        String await() {
            long began = System.nanoTime();
            int done = 0;
            for (CompletableFuture<?> future : futures) {
                try {
                    future.get(60, TimeUnit.SECONDS);
                    done++;
                } catch (Exception e) {
                    Throwable cause = e.getCause() == null ? e : e.getCause();
                    failures.merge(cause.getClass().getSimpleName(), 1, Integer::sum);
                }
            }
            return done + " done, failed " + failures + ", the last after " + (System.nanoTime() - began) / 1_000_000
                    + " ms";
        }
    }
}
