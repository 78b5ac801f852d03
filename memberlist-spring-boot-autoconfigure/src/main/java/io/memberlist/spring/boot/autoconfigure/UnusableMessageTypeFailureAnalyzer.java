package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.spring.messaging.UnusableMessageTypeException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.util.StringUtils;

/** Says which method of the application names a type of which no message can arrive, and what to write instead. */
class UnusableMessageTypeFailureAnalyzer extends AbstractFailureAnalyzer<UnusableMessageTypeException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnusableMessageTypeException cause) {
        return new FailureAnalysis(
                StringUtils.capitalize(cause.problem()) + ".", StringUtils.capitalize(cause.remedy()) + ".", cause);
    }
}
