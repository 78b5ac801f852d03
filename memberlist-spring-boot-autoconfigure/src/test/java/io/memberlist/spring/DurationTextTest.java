package io.memberlist.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.convert.DurationStyle;

class DurationTextTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT0.5S, 500ms",
        "PT5S, 5s",
        "PT2M, 2m",
        "PT1M30S, 90s",
        "PT24H, 1d",
        "PT36H, 36h",
        "PT-1S, -1s",
        "PT-0.5S, -500ms",
        "PT0.00001S, 10us",
        "PT1.000000001S, 1000000001ns",
        "PT24000000H, 1000000d"
    })
    void writesDurationsAsApplicationYmlDoes(Duration duration, String text) {
        assertThat(DurationText.of(duration)).isEqualTo(text);
        assertThat(DurationStyle.detectAndParse(text)).isEqualTo(duration);
    }

    @Test
    void survivesTheLongestDuration() {
        Duration longest = Duration.ofSeconds(Long.MAX_VALUE, 1);

        assertThat(DurationText.of(longest)).isEqualTo(longest.toString());
        assertThat(DurationText.of(longest.negated()))
                .isEqualTo(longest.negated().toString());
    }

    @Test
    void rewritesTheDurationsOfASentence() {
        assertThat(DurationText.in("timeout is PT1M30S, longer than PTA and PT-0.5S."))
                .isEqualTo("timeout is 90s, longer than PTA and -500ms.");
    }
}
