package io.memberlist.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class JoinExceptionTest {
    @Test
    void namesEverySeedWithItsReason() {
        IOException refused = new IOException("connection refused");
        TimeoutException late = new TimeoutException("no answer within 10s");
        JoinException e = new JoinException(new JoinResult(List.of(), Map.of("10.0.0.1", refused, "db:7000", late)));

        assertThat(e)
                .hasMessageStartingWith("none of the seeds could be joined; ")
                .hasMessageContaining("10.0.0.1: connection refused")
                .hasMessageContaining("db:7000: no answer within 10s");
        assertThat(e.getSuppressed()).containsExactlyInAnyOrder(refused, late);
        assertThat(e.result().failures()).containsOnlyKeys("10.0.0.1", "db:7000");
        assertThat(e.result().count()).isZero();
    }

    @Test
    void aReasonWithoutWordsIsNamedByItsType() {
        JoinException e = new JoinException(new JoinResult(List.of(), Map.of("db", new TimeoutException())));

        assertThat(e).hasMessage("none of the seeds could be joined; db: java.util.concurrent.TimeoutException");
    }

    @Test
    void aResultDoesNotChangeAfterwards() {
        Map<String, Throwable> failures = new HashMap<>();
        JoinResult result = new JoinResult(List.of("10.0.0.1:7946"), failures);
        failures.put("db", new IOException());

        assertThat(result.failures()).isEmpty();
        assertThat(result.count()).isEqualTo(1);
    }
}
