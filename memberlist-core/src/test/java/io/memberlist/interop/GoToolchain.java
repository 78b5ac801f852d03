package io.memberlist.interop;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds the programs in {@code interop/}, each once per JVM. If Go or its modules are missing, the calling test is skipped
 * with the reason, or fails if the environment variable {@code MEMBERLIST_INTEROP} is {@code required}. A program that
 * does not compile is always a failure.
 */
final class GoToolchain {
    private static final Map<GoProgram, Result> RESULTS = new EnumMap<>(GoProgram.class);

    private GoToolchain() {}

    /** {@return the built program} Skips or fails the test if there is none. */
    static Path program(GoProgram program) {
        Result result = get(program);
        if (result.program != null) {
            return result.program;
        }
        if ("required".equals(System.getenv("MEMBERLIST_INTEROP"))) {
            return fail("MEMBERLIST_INTEROP=required, but " + result.missing);
        }
        return abort("skipped: " + result.missing);
    }

    private static synchronized Result get(GoProgram program) {
        Result result = RESULTS.get(program);
        if (result == null) {
            result = build(program);
            RESULTS.put(program, result);
            if (result.program == null) {
                // Maven prints how many tests were skipped, but not why.
                System.err.println("Tests beside a real Go node cannot run: " + result.missing);
            }
        }
        return result;
    }

    /** A program, or what is missing to build it. */
    private record Result(@Nullable Path program, String missing) {}

    private static Result build(GoProgram program) {
        Path interop = interopDirectory();
        Path module = interop.resolve(program.directory());
        try {
            run(module, "go", "version");
        } catch (IOException e) {
            return new Result(null, "no Go toolchain on the path");
        }
        try {
            Outcome download = run(module, "go", "mod", "download");
            if (download.exitCode != 0) {
                return new Result(null, "the Go modules of " + module + " do not resolve: " + download.output);
            }
            Path file = interop.resolveSibling("memberlist-core/target/interop").resolve(program.file());
            Files.createDirectories(file.getParent());
            Outcome build = run(module, "go", "build", "-o", file.toString(), ".");
            if (build.exitCode != 0) {
                throw new IllegalStateException("go build in " + module + " failed: " + build.output);
            }
            return new Result(file, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tests run in the directory of the module with Maven, and possibly in that of the repository with an IDE. */
    private static Path interopDirectory() {
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
