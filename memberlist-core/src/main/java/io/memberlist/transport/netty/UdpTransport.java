package io.memberlist.transport.netty;

import io.memberlist.transport.Completion;
import io.memberlist.transport.Recipient;
import io.memberlist.transport.StreamHandler;
import io.memberlist.transport.TransportListener;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;

/** Packets over UDP, and streams over TCP, at the same port: what members of the Go library do by themselves. */
final class UdpTransport extends SocketTransport {
    private final List<DatagramChannel> channels;
    private final Packets packets;

    UdpTransport(IoBackend io, NettyEventLoop loop, List<Binder.Bound> bound, int acceptedLimit) {
        super(io, loop, bound, acceptedLimit);
        this.channels = bound.stream()
                .map(each -> Objects.requireNonNull(each.packets()))
                .toList();
        this.packets = new Packets(
                loop, channels, bound.stream().map(Binder.Bound::address).toList(), this::isClosing);
        channels.forEach(this::channelOpened);
    }

    @Override
    public String type() {
        return "udp";
    }

    @Override
    void receive(TransportListener listener) {
        packets.receive(listener);
    }

    @Override
    public void sendPacket(Recipient recipient, byte[] packet, Completion<Void> completion) {
        packets.send(recipient.address(), packet, completion);
    }

    @Override
    NettyStream newStream(SocketChannel channel, Recipient to, long timeoutNanos, StreamHandler handler) {
        return new NettyStream(loop, channel, to.address(), handler);
    }

    @Override
    void accept(SocketChannel channel, InetSocketAddress from, TransportListener listener) {
        StreamHandler handler = handler(listener, from);
        if (handler == null) {
            refuse(channel);
            return;
        }
        NettyStream stream = new NettyStream(loop, channel, from, handler);
        track(channel, stream);
        stream.accept();
    }

    @Override
    void closeMore() {
        channels.forEach(DatagramChannel::close);
    }
}
