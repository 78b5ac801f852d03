package io.memberlist.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of this machine, container or pod, as its kernel has it. No name server is asked: a host name that does not resolve
 * names the machine all the same, and a look-up may block for long.
 */
public final class HostName {
    /** What a machine is called that nobody has given a name. */
    private static final Pattern TELLS_NOTHING = Pattern.compile("|localhost[0-9]*(\\..*)?|\\(none\\)|unknown|none");

    /** A system property, since the classes of this library are loaded again when development tools restart an application. */
    private static final String SUFFIX = "io.memberlist.host-name-suffix";

    private static final List<Supplier<@Nullable String>> SOURCES = List.of(
            () -> read(Path.of("/proc/sys/kernel/hostname")),
            () -> System.getenv("HOSTNAME"),
            () -> System.getenv("COMPUTERNAME"),
            HostName::askProgram);

    private HostName() {}

    /**
     * {@return the host name; where that is no more than {@code localhost}, {@code localhost-} and eight random hexadecimal
     * digits, which stay the same as long as the process runs}
     */
    public static String ofThisMachine() {
        return first(SOURCES);
    }

    /** {@return the first name that tells machines apart} Later sources are not asked. */
    static String first(List<Supplier<@Nullable String>> sources) {
        for (Supplier<@Nullable String> source : sources) {
            String name = source.get();
            if (name != null && tellsApart(name.strip())) {
                return name.strip();
            }
        }
        return "localhost-" + suffix();
    }

    private static boolean tellsApart(String name) {
        return !TELLS_NOTHING.matcher(name.toLowerCase(Locale.ROOT)).matches()
                && name.chars().noneMatch(Character::isISOControl);
    }

    private static synchronized String suffix() {
        String known = System.getProperty(SUFFIX);
        if (known == null) {
            known = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
            System.setProperty(SUFFIX, known);
        }
        return known;
    }

    private static @Nullable String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return null;
        }
    }

    /** Where neither the file nor the variables exist, as on macOS. */
    private static @Nullable String askProgram() {
        try {
            Process program = new ProcessBuilder("hostname")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            program.getOutputStream().close();
            if (!program.waitFor(1, TimeUnit.SECONDS)) {
                program.destroyForcibly();
                return null;
            }
            return new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
