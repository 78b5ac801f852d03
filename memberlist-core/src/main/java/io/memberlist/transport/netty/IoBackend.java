package io.memberlist.transport.netty;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.function.Supplier;

/**
 * The two ways to reach the operating system's sockets. They are written as lambda expressions: a method reference would
 * load and initialize the classes of both, where one is used.
 */
enum IoBackend {
    /** Linux only, through Netty's native library: fewer system calls and copies. */
    EPOLL(
            256,
            () -> EpollIoHandler.newFactory(),
            () -> new EpollDatagramChannel(),
            () -> new EpollServerSocketChannel(),
            () -> new EpollSocketChannel()),

    /** Every platform, through the JDK. It reads few packets, because all of one read wait in buffers of 64 KiB each. */
    NIO(
            32,
            () -> NioIoHandler.newFactory(),
            () -> new NioDatagramChannel(),
            () -> new NioServerSocketChannel(),
            () -> new NioSocketChannel());

    /** How many packets are read from one socket before the others have their turn. The kernel drops what waits too long. */
    final int packetsPerRead;

    final Supplier<IoHandlerFactory> handlers;
    final Supplier<DatagramChannel> packetChannels;
    final Supplier<ServerSocketChannel> acceptors;
    final Supplier<SocketChannel> streamChannels;

    IoBackend(
            int packetsPerRead,
            Supplier<IoHandlerFactory> handlers,
            Supplier<DatagramChannel> packetChannels,
            Supplier<ServerSocketChannel> acceptors,
            Supplier<SocketChannel> streamChannels) {
        this.packetsPerRead = packetsPerRead;
        this.handlers = handlers;
        this.packetChannels = packetChannels;
        this.acceptors = acceptors;
        this.streamChannels = streamChannels;
    }

    /** {@return native epoll where it is available} */
    static IoBackend best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }
}
