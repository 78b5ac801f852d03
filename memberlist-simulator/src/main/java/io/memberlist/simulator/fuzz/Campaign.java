package io.memberlist.simulator.fuzz;

import io.memberlist.simulator.fuzz.Run.Outcome;
import io.memberlist.simulator.fuzz.check.DeliveryLedger;
import io.memberlist.simulator.fuzz.cluster.Fault;
import io.memberlist.simulator.fuzz.cluster.Scenario;
import io.memberlist.simulator.scale.Output;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongFunction;

/** Runs many seeds, several at the same time. The runs share nothing. */
final class Campaign {
    private static final long PROGRESS_NANOS = Duration.ofSeconds(5).toNanos();

    private final LongFunction<Scenario> scenarios;
    private final boolean keepGoing;
    private final PrintWriter progress;
    private final List<Outcome> failed = new ArrayList<>();
    private final Map<Fault, Long> struck = new EnumMap<>(Fault.class);
    private Duration simulated = Duration.ZERO;
    private long next;
    private long done;
    private long begun;
    private DeliveryLedger.Tally ledger = DeliveryLedger.Tally.NONE;
    private long lastProgress;
    private Slowest slowest = new Slowest(0, 0);

    Campaign(LongFunction<Scenario> scenarios, boolean keepGoing, PrintWriter progress) {
        this.scenarios = scenarios;
        this.keepGoing = keepGoing;
        this.progress = progress;
    }

    Result run(Range seeds, int threads) {
        next = seeds.first();
        begun = System.nanoTime();
        lastProgress = begun;
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread worker = new Thread(() -> work(seeds), "fuzz-" + i);
            workers.add(worker);
            worker.start();
        }
        for (Thread worker : workers) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
        failed.sort(Comparator.comparingLong(outcome -> outcome.scenario().seed()));
        double seconds = (System.nanoTime() - begun) / 1e9;
        return new Result(done, seconds, slowest, simulated, struck, ledger, failed);
    }

    private void work(Range seeds) {
        for (long seed = take(seeds); seed >= 0; seed = take(seeds)) {
            long start = System.nanoTime();
            Scenario scenario = scenarios.apply(seed);
            Outcome outcome;
            try {
                outcome = new Run(scenario).execute();
            } catch (RuntimeException | Error e) {
                outcome = new Outcome(
                        scenario,
                        Duration.ZERO,
                        Map.of(),
                        DeliveryLedger.Tally.NONE,
                        List.of(new Run.Violation("the simulator itself", "?", String.valueOf(e))));
            }
            finished(outcome, System.nanoTime() - start, seeds);
        }
    }

    private synchronized long take(Range seeds) {
        return next > seeds.last() || (!keepGoing && !failed.isEmpty()) ? -1 : next++;
    }

    private synchronized void finished(Outcome outcome, long nanos, Range seeds) {
        done++;
        if (nanos > slowest.nanos()) {
            slowest = new Slowest(outcome.scenario().seed(), nanos);
        }
        simulated = simulated.plus(outcome.elapsed());
        outcome.struck().forEach((fault, count) -> struck.merge(fault, count, Long::sum));
        ledger = ledger.plus(outcome.ledger());
        if (outcome.failed()) {
            failed.add(outcome);
            progress.println(failure(outcome));
            progress.flush();
        }
        long now = System.nanoTime();
        if (now - lastProgress > PROGRESS_NANOS) {
            lastProgress = now;
            progress.printf(
                    Locale.ROOT,
                    "%d of %d seeds, %.1f a second, %.1f simulated hours, %d violated%n",
                    done,
                    seeds.last() - seeds.first() + 1,
                    done / ((now - begun) / 1e9),
                    simulated.toSeconds() / 3600.0,
                    failed.size());
            progress.flush();
        }
    }

    /** {@return what a seed violated, and the command that repeats it} */
    private static String failure(Outcome outcome) {
        Run.Violation first = outcome.violations().get(0);
        return "seed " + outcome.scenario().seed() + ": " + first.checker() + " at "
                + first.at().trim() + " s: " + first.what() + System.lineSeparator() + "  " + outcome.replay();
    }

    /**
     * The seed that took longest, with its time. A seed that takes minutes points to a defect in the simulator or the
     * engine.
     */
    record Slowest(long seed, long nanos) {}

    /** The result of a campaign. */
    record Result(
            long seeds,
            double seconds,
            Slowest slowest,
            Duration simulated,
            Map<Fault, Long> struck,
            DeliveryLedger.Tally ledger,
            List<Outcome> failed) {
        String text() {
            StringBuilder text = new StringBuilder();
            text.append(String.format(
                    Locale.ROOT,
                    "%d seeds in %.1f s: %.1f seeds a second, %.1f simulated hours; the slowest, %d, took %.1f s%n",
                    seeds,
                    seconds,
                    seeds / seconds,
                    simulated.toSeconds() / 3600.0,
                    slowest.seed(),
                    slowest.nanos() / 1e9));
            for (Fault fault : Fault.values()) {
                text.append(String.format(
                        Locale.ROOT,
                        "  %-15s %d%n",
                        fault.name().toLowerCase(Locale.ROOT),
                        struck.getOrDefault(fault, 0L)));
            }
            text.append(String.format(
                    Locale.ROOT,
                    "%d cluster broadcasts were given to %d others, to %d of them after they had been missed;"
                            + " %d were still owed when trouble had ended%n",
                    ledger.posted(),
                    ledger.pairs(),
                    ledger.repaired(),
                    ledger.owed()));
            if (failed.isEmpty()) {
                return text.append("nothing was violated").toString();
            }
            for (Outcome outcome : failed) {
                text.append(failure(outcome)).append(System.lineSeparator());
            }
            return text.append(failed.size())
                    .append(" seeds violated something")
                    .toString();
        }

        String json() {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("seeds", seeds);
            result.put("seconds", seconds);
            result.put("seedsPerSecond", seeds / seconds);
            result.put("simulatedHours", simulated.toSeconds() / 3600.0);
            Map<String, Long> faults = new LinkedHashMap<>();
            for (Fault fault : Fault.values()) {
                faults.put(fault.name().toLowerCase(Locale.ROOT), struck.getOrDefault(fault, 0L));
            }
            result.put("faults", faults);
            result.put("clusterBroadcasts", ledger.posted());
            result.put("clusterBroadcastsReceived", ledger.pairs());
            result.put("clusterBroadcastsRepaired", ledger.repaired());
            result.put("clusterBroadcastsOwed", ledger.owed());
            result.put("violations", failed.stream().map(Outcome::asMap).toList());
            return Output.json(result);
        }
    }
}
