package io.memberlist.sample.web;

import io.memberlist.sample.companions.RejectedRequestException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Describes what was wrong with a request. */
@Order(Ordered.HIGHEST_PRECEDENCE)
@RestControllerAdvice
class ErrorResponses {
    @ExceptionHandler
    ProblemDetail refused(RejectedRequestException refusal) {
        HttpStatus status = refusal.isUnknown() ? HttpStatus.NOT_FOUND : HttpStatus.BAD_REQUEST;
        return ProblemDetail.forStatusAndDetail(status, String.valueOf(refusal.getMessage()));
    }

    @ExceptionHandler
    ProblemDetail unreadable(HttpMessageNotReadableException unreadable) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST,
                "The body cannot be read: send a JSON object such as {\"percent\": 20}, {\"text\": \"hello\"} or"
                        + " {\"name\": \"role\", \"value\": \"worker\"}, as the request wants it.");
    }

    @ExceptionHandler
    ProblemDetail notJson(HttpMediaTypeNotSupportedException notJson) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Send the header Content-Type: application/json.");
    }
}
