package io.memberlist.simulator.scale;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Runs a command as from a shell. */
record CommandLineRunner(int status, String out, String err) {
    static CommandLineRunner run(Object command, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = new CommandLine(command)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
        return new CommandLineRunner(status, out.toString(), err.toString());
    }
}
