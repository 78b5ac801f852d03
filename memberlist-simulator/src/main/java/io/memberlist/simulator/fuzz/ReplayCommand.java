package io.memberlist.simulator.fuzz;

import io.memberlist.simulator.fuzz.Run.Outcome;
import io.memberlist.simulator.fuzz.cluster.Scenario;
import io.memberlist.simulator.scale.Output;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Repeats one run. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Repeats one scenario; the trace is the same each time.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:no invariant was violated", "1:an invariant was violated"})
public final class ReplayCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final ScenarioOptions options = new ScenarioOptions();

    @Option(names = "--trace", description = "print every observation")
    private boolean trace;

    @Option(names = "--json", description = "print the result as JSON; a trace then goes to standard error")
    private boolean json;

    @Override
    public Integer call() throws NoSuchAlgorithmException {
        Scenario scenario = options.scenario();
        Output.silenceTheEngine();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter lineByLine = json ? spec.commandLine().getErr() : out;
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        Consumer<String> lines = line -> {
            digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
            if (trace) {
                lineByLine.println(line);
            }
        };
        Outcome outcome = new Run(scenario).tracing(lines).execute();
        lineByLine.flush();
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("trace", HexFormat.of().formatHex(digest.digest()));
            result.put("faults", outcome.struck());
            result.putAll(outcome.asMap());
            out.println(Output.json(result));
        } else {
            out.println("trace " + HexFormat.of().formatHex(digest.digest()));
            out.println(outcome.elapsed() + " simulated, " + outcome.struck());
            for (Run.Violation violation : outcome.violations()) {
                out.println(violation.checker() + " at " + violation.at().trim() + " s: " + violation.what());
            }
            out.println(outcome.failed() ? outcome.replay() : "nothing was violated");
        }
        out.flush();
        return outcome.failed() ? 1 : 0;
    }
}
