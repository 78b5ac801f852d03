package io.memberlist.interop;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds the program in {@code interop/} once per JVM. If Go or its modules are missing, the calling test is skipped
 * with the reason, or fails if the environment variable {@code MEMBERLIST_INTEROP} is {@code required}. A program that
 * does not compile is always a failure.
 */
final class GoToolchain {
    private static @Nullable GoToolchain instance;

    private final @Nullable Path program;
    private final String missing;

    private GoToolchain(@Nullable Path program, String missing) {
        this.program = program;
        this.missing = missing;
    }

    /** {@return the built program} Skips or fails the test if there is none. */
    static Path program() {
        GoToolchain toolchain = get();
        if (toolchain.program != null) {
            return toolchain.program;
        }
        if ("required".equals(System.getenv("MEMBERLIST_INTEROP"))) {
            return fail("MEMBERLIST_INTEROP=required, but " + toolchain.missing);
        }
        return abort("skipped: " + toolchain.missing);
    }

    private static synchronized GoToolchain get() {
        if (instance == null) {
            instance = build();
            if (instance.program == null) {
                // Maven prints how many tests were skipped, but not why.
                System.err.println("Tests beside a real Go node cannot run: " + instance.missing);
            }
        }
        return instance;
    }

    private static GoToolchain build() {
        Path module = moduleDirectory();
        try {
            run(module, "go", "version");
        } catch (IOException e) {
            return new GoToolchain(null, "no Go toolchain on the path");
        }
        try {
            Outcome download = run(module, "go", "mod", "download");
            if (download.exitCode != 0) {
                return new GoToolchain(null, "the Go modules of " + module + " do not resolve: " + download.output);
            }
            Path program = module.resolveSibling("memberlist-core").resolve("target/interop/memberlist-node");
            Files.createDirectories(program.getParent());
            Outcome build = run(module, "go", "build", "-o", program.toString(), ".");
            if (build.exitCode != 0) {
                throw new IllegalStateException("go build in " + module + " failed: " + build.output);
            }
            return new GoToolchain(program, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tests run in the directory of the module with Maven, and possibly in that of the repository with an IDE. */
    private static Path moduleDirectory() {
        Path start = Path.of("").toAbsolutePath();
        for (Path at = start; at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("interop/go.mod"))) {
                return at.resolve("interop");
            }
        }
        throw new IllegalStateException("there is no interop/go.mod in or above " + start);
    }

    private record Outcome(int exitCode, String output) {}

    private static Outcome run(Path directory, String... command) throws IOException {
        Process process = new ProcessBuilder(List.of(command))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), output.strip());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + String.join(" ", command), e);
        } finally {
            process.destroyForcibly();
        }
    }
}
