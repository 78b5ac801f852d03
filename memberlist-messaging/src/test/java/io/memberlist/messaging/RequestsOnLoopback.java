package io.memberlist.messaging;

import io.memberlist.Memberlist;
import io.memberlist.member.Member;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One member in this JVM sends requests to another one on loopback, and prints the answers per second and their
 * latency.
 *
 * <p>Arguments: the number of requests (20000), how many of them may wait for their answers at a time (100), and the
 * bytes of a request and its answer (100).
 */
public final class RequestsOnLoopback {
    private static final PrintStream out = System.out;

    private RequestsOnLoopback() {}

    public static void main(String[] args) throws Exception {
        int requests = argument(args, 0, 20_000);
        int atOnce = argument(args, 1, 100);
        byte[] payload = new byte[argument(args, 2, 100)];
        List<Memberlist> members = LoopbackMembers.start(2, config -> {});
        ClusterMessaging.of(members.get(1))
                .respond("echo", request -> CompletableFuture.completedFuture(request.payload()));
        Member to = members.get(0).member("node-1").orElseThrow();
        // The first ones run before the JVM has compiled anything.
        ask(members.get(0), to, payload, requests / 2, atOnce, "warming up");
        ask(members.get(0), to, payload, requests, atOnce, "then");
        members.forEach(Memberlist::close);
        System.exit(0);
    }

    private static void ask(Memberlist asker, Member to, byte[] payload, int requests, int atOnce, String when)
            throws InterruptedException {
        Semaphore room = new Semaphore(atOnce);
        CountDownLatch left = new CountDownLatch(requests);
        AtomicInteger failed = new AtomicInteger();
        long[] took = new long[requests];
        long began = System.nanoTime();
        for (int i = 0; i < requests; i++) {
            int index = i;
            room.acquire();
            long asked = System.nanoTime();
            ClusterMessaging.of(asker)
                    .request(to, "echo", payload, Duration.ofSeconds(10))
                    .whenComplete((answer, failure) -> {
                        took[index] = System.nanoTime() - asked;
                        if (failure != null) {
                            failed.incrementAndGet();
                        }
                        room.release();
                        left.countDown();
                    });
        }
        left.await();
        double seconds = (System.nanoTime() - began) / 1e9;
        Arrays.sort(took);
        out.printf(
                "%s: %d requests, %d at a time, %d bytes: %.0f a second, median %.2f ms, 99th percentile %.2f ms, worst %.2f ms,"
                        + " %d failed%n",
                when,
                requests,
                atOnce,
                payload.length,
                requests / seconds,
                took[requests / 2] / 1e6,
                took[(int) (requests * 0.99)] / 1e6,
                took[requests - 1] / 1e6,
                failed.get());
    }

    private static int argument(String[] args, int index, int otherwise) {
        return args.length > index ? Integer.parseInt(args[index]) : otherwise;
    }
}
