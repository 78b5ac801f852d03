package io.memberlist.benchmarks.wire;

import io.memberlist.wire.Checksum;
import io.memberlist.wire.Message;
import io.memberlist.wire.PacketCodec;
import io.memberlist.wire.WireException;
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

/** A gossip packet of twelve messages in the wrappers of a cluster's format. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PacketBenchmark {
    /** The wrappers: "labelled" is compressed with LZW, with a checksum, encrypted and labelled. */
    @Param({"plain", "lzw", "snappy", "encrypted", "labelled"})
    public String format = "";

    private final List<byte[]> messages = Samples.gossip();
    private final SplittableRandom random = new SplittableRandom(1);
    private PacketCodec codec = new PacketCodec(Samples.format("plain"), random::nextBytes);
    private Checksum checksum = Checksum.NONE;
    private byte[] packet = {};

    /** Encodes the packet that is decoded. */
    @Setup
    public void prepare() {
        codec = new PacketCodec(Samples.format(format), random::nextBytes);
        checksum = format.equals("labelled") ? Checksum.CRC32 : Checksum.NONE;
        packet = codec.encode(messages, checksum);
    }

    /** {@return the packet} */
    @Benchmark
    public byte[] encode() {
        return codec.encode(messages, checksum);
    }

    /** {@return the messages in the packet} */
    @Benchmark
    public List<Message> decode() throws WireException {
        return codec.decode(packet, fault -> {
            throw new IllegalStateException(fault);
        });
    }
}
