package io.memberlist.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostNameTest {
    @Test
    void theFirstNameThatTellsMachinesApartIsTaken() {
        assertThat(HostName.first(List.of(() -> "web-7\n", () -> "other"))).isEqualTo("web-7");
        assertThat(HostName.first(List.of(() -> null, () -> "localhost", () -> "orders-0")))
                .isEqualTo("orders-0");
        assertThat(HostName.first(List.of(() -> "localhoster.example.org"))).isEqualTo("localhoster.example.org");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \n",
                "localhost",
                "LOCALHOST",
                "localhost.localdomain",
                "localhost4",
                "localhost6.localdomain6",
                "(none)",
                "unknown",
                "a\u0000b"
            })
    void aNameThatTellsNothingGetsARandomSuffixThatStays(String name) {
        List<Supplier<@Nullable String>> sources = List.of(() -> name);

        assertThat(HostName.first(sources))
                .matches("localhost-[0-9a-f]{8}")
                .isEqualTo(HostName.first(sources))
                .isEqualTo(HostName.first(List.of()));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theKernelIsAskedFirst() throws IOException {
        String kernel = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();

        assertThat(HostName.ofThisMachine())
                .satisfiesAnyOf(
                        name -> assertThat(name).isEqualTo(kernel),
                        name -> assertThat(kernel).matches("localhost.*|\\(none\\)|"));
    }
}
