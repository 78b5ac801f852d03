package io.memberlist.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class CausesTest {
    private final PortInUseException taken = new PortInUseException("port 7946 is taken", null);

    @Test
    void whatFuturesWrapIsUnwrapped() {
        assertThat(Causes.unwrap(taken)).isSameAs(taken);
        assertThat(Causes.unwrap(new CompletionException(new ExecutionException(taken))))
                .isSameAs(taken);
        CompletableFuture<String> future =
                CompletableFuture.<String>failedFuture(taken).thenApply(value -> value + "!");
        assertThat(Causes.unwrap(future.handle((value, failure) -> failure).join()))
                .isSameAs(taken);
    }

    @Test
    void whatHasNoCauseOrIsNotAFuturesStays() {
        CompletionException bare = new CompletionException("no cause", null);
        IOException other = new IOException(taken);

        assertThat(Causes.unwrap(bare)).isSameAs(bare);
        assertThat(Causes.unwrap(other)).isSameAs(other);
    }

    @Test
    void aKindOfFailureIsFoundBelowWhateverWrapsIt() {
        Throwable wrapped = new IllegalStateException(new IOException(taken));

        assertThat(Causes.find(wrapped, PortInUseException.class)).isSameAs(taken);
        assertThat(Causes.find(wrapped, TransportException.class)).isSameAs(taken);
        assertThat(Causes.find(wrapped, AddressNotAvailableException.class)).isNull();
        assertThat(Causes.find(null, PortInUseException.class)).isNull();
    }

    @Test
    void aCircleOfCausesEnds() {
        Exception a = new IOException("a");
        Exception b = new CompletionException(a);
        a.initCause(new CompletionException(b));

        assertThat(Causes.find(b, PortInUseException.class)).isNull();
        assertThat(Causes.unwrap(b)).isSameAs(a);
    }
}
