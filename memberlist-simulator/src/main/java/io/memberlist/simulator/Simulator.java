package io.memberlist.simulator;

import io.memberlist.simulator.fuzz.FuzzCommand;
import io.memberlist.simulator.fuzz.ReplayCommand;
import io.memberlist.simulator.fuzz.ShrinkCommand;
import io.memberlist.simulator.scale.ConvergeCommand;
import io.memberlist.simulator.scale.DetectCommand;
import io.memberlist.simulator.scale.LifeguardCommand;
import io.memberlist.simulator.scale.MessagesCommand;
import java.io.PrintWriter;
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
            LifeguardCommand.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true)
public final class Simulator {
    private Simulator() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Simulator())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Simulator::refused);
    }

    /** Prints the error only: a page of usage would hide it. */
    private static int refused(CommandLine.ParameterException refusal, String[] args) {
        CommandLine command = refusal.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(refusal.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(refusal, err);
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }
}
