package io.memberlist.messaging;

import io.memberlist.Memberlist;
import io.memberlist.config.Keyring;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Starts many members in this JVM on loopback and prints how long broadcasts take until half, 99 % and all of the
 * others have received them.
 *
 * <p>Arguments: the number of members (100), the bytes of a message (100), the number of messages (200), the
 * milliseconds between them (50), and {@code encrypted} for members with a key.
 */
public final class BroadcastsOnLoopback {
    private static final PrintStream out = System.out;

    private BroadcastsOnLoopback() {}

    /** One message in transit. */
    private static final class Round {
        final long[] arrivals;
        final CountDownLatch left;

        Round(int receivers) {
            arrivals = new long[receivers];
            left = new CountDownLatch(receivers);
        }
    }

    public static void main(String[] args) throws Exception {
        int count = argument(args, 0, 100);
        int length = argument(args, 1, 100);
        int messages = argument(args, 2, 200);
        int pauseMillis = argument(args, 3, 50);
        List<Memberlist> members = LoopbackMembers.start(count, config -> {
            if (args.length > 4 && args[4].equals("encrypted")) {
                config.encryption(e -> e.keyring(Keyring.of(new byte[32])));
            }
        });
        AtomicReference<Round> current = new AtomicReference<>(new Round(count - 1));
        for (int i = 1; i < count; i++) {
            int receiver = i - 1;
            ClusterMessaging.of(members.get(i)).subscribe("t", message -> {
                Round round = current.get();
                round.arrivals[receiver] = System.nanoTime();
                round.left.countDown();
            });
        }
        byte[] payload = new byte[length];
        new Random(1).nextBytes(payload);
        List<double[]> results = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            Round round = new Round(count - 1);
            current.set(round);
            long sent = System.nanoTime();
            ClusterMessaging.of(members.get(0)).broadcast("t", payload);
            if (!round.left.await(60, TimeUnit.SECONDS)) {
                out.printf("message %d has not reached %d of %d%n", i, round.left.getCount(), count - 1);
                members.forEach(member -> out.println(member.localMember().name() + " sees " + member.numMembers() + " "
                        + ClusterMessaging.of(member).statistics() + " "
                        + member.statistics().drops()));
                System.exit(1);
            }
            Arrays.sort(round.arrivals);
            int n = round.arrivals.length;
            results.add(new double[] {
                (round.arrivals[n / 2] - sent) / 1e6,
                (round.arrivals[(int) Math.ceil(n * 0.99) - 1] - sent) / 1e6,
                (round.arrivals[n - 1] - sent) / 1e6
            });
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis));
        }
        // The first ones run before the JVM has compiled anything.
        List<double[]> warm = results.subList(messages / 4, messages);
        out.printf("%d members, %d bytes, %d messages after %d to warm up%n", count, length, warm.size(), messages / 4);
        print("50 %", warm, 0);
        print("99 %", warm, 1);
        print("100 %", warm, 2);
        members.forEach(Memberlist::close);
        System.exit(0);
    }

    private static int argument(String[] args, int index, int otherwise) {
        return args.length > index ? Integer.parseInt(args[index]) : otherwise;
    }

    private static void print(String share, List<double[]> results, int column) {
        double[] sorted =
                results.stream().mapToDouble(result -> result[column]).sorted().toArray();
        out.printf(
                "%-6s median %7.2f ms, 99th percentile %7.2f ms, worst %7.2f ms%n",
                share, sorted[sorted.length / 2], sorted[(int) (sorted.length * 0.99)], sorted[sorted.length - 1]);
    }
}
