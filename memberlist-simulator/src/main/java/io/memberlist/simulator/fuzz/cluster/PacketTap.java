package io.memberlist.simulator.fuzz.cluster;

import io.memberlist.SimulatorAccess;
import io.memberlist.config.MemberlistConfig;
import io.memberlist.simulator.fuzz.check.Observation;
import io.memberlist.simulator.fuzz.check.TraceText;
import io.memberlist.transport.EventLoop;
import io.memberlist.wire.Message;
import io.memberlist.wire.PacketCodec;
import io.memberlist.wire.StreamCodec;
import io.memberlist.wire.StreamDecoder;
import io.memberlist.wire.WireException;
import io.memberlist.wire.WireFormat;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Decodes what one process receives and sends, with the keys of that process, and reports it as observations. */
final class PacketTap {
    private final SimulatedCluster cluster;
    private final String process;
    private final Runnable look;
    private final PacketCodec packets;
    private final StreamCodec streams;

    /** @param look called when the process has handled a packet */
    PacketTap(SimulatedCluster cluster, String process, MemberlistConfig config, Runnable look) {
        this.cluster = cluster;
        this.process = process;
        this.look = look;
        WireFormat format = SimulatorAccess.wireFormat(config);
        this.packets = new PacketCodec(format, nonce -> {});
        this.streams = new StreamCodec(format, nonce -> {});
    }

    void received(EventLoop loop, InetSocketAddress from, byte[] packet, Runnable handle) {
        List<Message> messages = read(packet);
        if (messages.isEmpty()) {
            handle.run();
            return;
        }
        cluster.observe(new Observation.PacketReceived(process, loop.wallClock(), from, messages));
        handle.run();
        look.run();
    }

    void sent(EventLoop loop, InetSocketAddress to, byte[] packet) {
        cluster.observe(
                new Observation.PacketSent(process, loop.wallClock(), to, () -> read(packet), () -> crc(packet)));
    }

    private List<Message> read(byte[] packet) {
        try {
            return packets.decode(packet, fault -> {});
        } catch (WireException e) {
            return List.of();
        }
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    /** {@return a consumer for the bytes of one direction of a stream; it does nothing unless the run is traced} */
    Consumer<byte[]> stream(String what, InetSocketAddress other, boolean request) {
        if (!cluster.traced()) {
            return bytes -> {};
        }
        StreamDecoder decoder = request ? streams.requestDecoder() : streams.answerDecoder();
        String prefix = what + " " + TraceText.place(other) + ": ";
        boolean[] over = new boolean[1];
        return bytes -> {
            if (over[0]) {
                return;
            }
            try {
                if (decoder.feed(bytes)) {
                    over[0] = true;
                    happened(prefix + TraceText.text(decoder.decode()));
                }
            } catch (WireException e) {
                over[0] = true;
                happened(prefix + "what cannot be read: " + e.getMessage());
            }
        };
    }

    /** Reports that a stream opened or closed. */
    void stream(String what, InetSocketAddress other, @Nullable Throwable failure) {
        if (cluster.traced()) {
            happened(what + " " + TraceText.place(other) + (failure == null ? "" : ": " + failure.getMessage()));
        }
    }

    private void happened(String what) {
        cluster.observe(new Observation.StreamActivity(process, what));
    }
}
