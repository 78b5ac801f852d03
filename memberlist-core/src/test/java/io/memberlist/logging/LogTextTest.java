package io.memberlist.logging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "orders-1",
                "shop/orders-1",
                "Müller & Söhne",
                "名前",
                "\ud83d\udc69\u200d\ud83d\udcbb",
                "[fe80::1%eth0]:7946",
                "50% off: C:\\temp",
                ""
            })
    void whatCanBeSeenStaysAsItIs(String text) {
        assertThat(LogText.printable(text)).isEqualTo(text);
    }

    @Test
    void whatCouldForgeOrHideALineIsEscaped() {
        assertThat(LogText.printable("a\r\nb")).isEqualTo("a\\u000d\\u000ab");
        assertThat(LogText.printable("a\u0085b\u2028c\u2029d")).isEqualTo("a\\u0085b\\u2028c\\u2029d");
        assertThat(LogText.printable("\u001b[2K")).isEqualTo("\\u001b[2K");
        assertThat(LogText.printable("\u202etxt.exe")).isEqualTo("\\u202etxt.exe");
        assertThat(LogText.printable("\ud83d half")).isEqualTo("\\ud83d half");
        assertThat(LogText.printable("\udb40\udc01")).isEqualTo("\\udb40\\udc01");
    }

    @Test
    void itIsCut() {
        assertThat(LogText.printable("x".repeat(512))).hasSize(512);
        assertThat(LogText.printable("x".repeat(100_000))).hasSize(513).endsWith("x…");
    }

    @Test
    void nothingIsSaidOfNothing() {
        assertThat(LogText.printable(null)).isEqualTo("null");
    }
}
