package io.memberlist.simulator;

import io.memberlist.simulator.fuzz.FuzzCommand;
import io.memberlist.simulator.fuzz.ReplayCommand;
import io.memberlist.simulator.fuzz.ShrinkCommand;
import io.memberlist.simulator.scale.ConvergeCommand;
import io.memberlist.simulator.scale.DetectCommand;
import io.memberlist.simulator.scale.LifeguardCommand;
import io.memberlist.simulator.scale.MessagesCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the simulator. */
@Command(
        name = "memberlist-simulator",
        description = "Clusters of the real engine in virtual time.",
        subcommands = {
            FuzzCommand.class,
            ReplayCommand.class,
            ShrinkCommand.class,
            ConvergeCommand.class,
            DetectCommand.class,
            MessagesCommand.class,
            LifeguardCommand.class
        },
        mixinStandardHelpOptions = true)
public final class Simulator {
    private Simulator() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Simulator()).execute(args));
    }
}
