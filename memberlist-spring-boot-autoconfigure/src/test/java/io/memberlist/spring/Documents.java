package io.memberlist.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the documents of the project, for tests that compare them with the code. */
public final class Documents {
    private Documents() {}

    /**
     * {@return the text of a document} Tests run in the directory of the module with Maven, and possibly in that of the
     * repository with an IDE.
     *
     * @param name as {@code docs/metrics.md}
     */
    public static String read(String name) {
        Path start = Path.of("").toAbsolutePath();
        for (Path at = start; at != null; at = at.getParent()) {
            Path document = at.resolve(name);
            if (Files.exists(document)) {
                try {
                    return Files.readString(document);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        throw new IllegalStateException("there is no " + name + " in or above " + start);
    }
}
