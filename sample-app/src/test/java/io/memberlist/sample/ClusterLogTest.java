package io.memberlist.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ClusterLogTest {
    @Test
    void namesAndTextsOfOthersBeginNoLine(CapturedOutput output) {
        new ClusterLog().add("message", "x\nadmin logged in", "says: \r\nadmin logged in\u2028" + "y".repeat(100_000));

        assertThat(output.getOut().lines().filter(line -> !line.isBlank())).hasSize(1);
        assertThat(output.getOut()).contains("x\\u000aadmin logged in says: ").hasSizeLessThan(2000);
    }
}
