package io.memberlist.benchmarks.wire;

import io.memberlist.wire.Message;
import io.memberlist.wire.Message.PushPull;
import io.memberlist.wire.StreamCodec;
import io.memberlist.wire.StreamDecoder;
import io.memberlist.wire.WireException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A push/pull of 1000 members, in the pieces that a socket delivers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PushPullBenchmark {
    private static final int PIECE = 64 * 1024;

    /** The wrappers. */
    @Param({"plain", "lzw", "snappy", "encrypted"})
    public String format = "";

    private final PushPull state = Samples.state(1000);
    private StreamCodec codec = codec("plain");
    private final List<byte[]> pieces = new ArrayList<>();

    /** Encodes the state that is decoded. */
    @Setup
    public void prepare() {
        codec = codec(format);
        byte[] stream = codec.encodeAnswer(state);
        for (int at = 0; at < stream.length; at += PIECE) {
            pieces.add(Arrays.copyOfRange(stream, at, Math.min(stream.length, at + PIECE)));
        }
    }

    private static StreamCodec codec(String format) {
        return new StreamCodec(Samples.format(format), new SplittableRandom(1)::nextBytes);
    }

    /** {@return the bytes of the stream} */
    @Benchmark
    public byte[] encode() {
        return codec.encodeAnswer(state);
    }

    /** {@return the state in the bytes} */
    @Benchmark
    public Message decode() throws WireException {
        StreamDecoder decoder = codec.answerDecoder();
        for (byte[] piece : pieces) {
            decoder.feed(piece);
        }
        return decoder.decode();
    }
}
