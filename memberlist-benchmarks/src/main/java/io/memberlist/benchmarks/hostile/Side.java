package io.memberlist.benchmarks.hostile;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Whose members are attacked. */
enum Side {
    JAVA {
        @Override
        List<String> command(String goProgram) {
            return List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-Dlevel=info",
                    "-cp",
                    System.getProperty("java.class.path"),
                    JavaVictim.class.getName());
        }
    },
    GO {
        @Override
        List<String> command(String goProgram) {
            return List.of(goProgram, "-preset", "lan");
        }
    };

    /** {@return the command that starts a member, to which its flags are appended} */
    abstract List<String> command(String goProgram);

    @Override
    public String toString() {
        return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
}
