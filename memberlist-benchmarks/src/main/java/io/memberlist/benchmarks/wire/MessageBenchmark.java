package io.memberlist.benchmarks.wire;

import io.memberlist.wire.Message;
import io.memberlist.wire.MessageCodec;
import io.memberlist.wire.WireException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One message without any wrapper. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MessageBenchmark {
    /** The kind of message. */
    @Param({"ping", "indirectPing", "ack", "nack", "suspect", "alive", "dead", "user"})
    public String message = "";

    private Message plain = Samples.message("nack");
    private byte[] bytes = {};

    /** Encodes the message that is decoded. */
    @Setup
    public void prepare() {
        plain = Samples.message(message);
        bytes = MessageCodec.encode(plain);
    }

    /** {@return the bytes of the message} */
    @Benchmark
    public byte[] encode() {
        return MessageCodec.encode(plain);
    }

    /** {@return the message in the bytes} */
    @Benchmark
    public Message decode() throws WireException {
        return MessageCodec.decode(bytes, 0, bytes.length);
    }
}
