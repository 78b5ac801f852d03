package io.memberlist.simulator;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the simulator. */
@Command(
        name = "memberlist-simulator",
        description = "Clusters of the real engine in virtual time.",
        mixinStandardHelpOptions = true)
public final class Simulator {
    private Simulator() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Simulator()).execute(args));
    }
}
