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

/** The two ways to reach the operating system's sockets. */
enum IoBackend {
    /** Linux only, through Netty's native library: fewer system calls and copies. */
    EPOLL {
        @Override
        int packetsPerRead() {
            return 256;
        }

        @Override
        IoHandlerFactory handlerFactory() {
            return EpollIoHandler.newFactory();
        }

        @Override
        DatagramChannel newPacketChannel() {
            return new EpollDatagramChannel();
        }

        @Override
        ServerSocketChannel newAcceptor() {
            return new EpollServerSocketChannel();
        }

        @Override
        SocketChannel newStreamChannel() {
            return new EpollSocketChannel();
        }
    },

    /** Every platform, through the JDK. */
    NIO {
        /** Few, because all packets of one read wait in buffers of 64 KiB before the first is handled. */
        @Override
        int packetsPerRead() {
            return 32;
        }

        @Override
        IoHandlerFactory handlerFactory() {
            return NioIoHandler.newFactory();
        }

        @Override
        DatagramChannel newPacketChannel() {
            return new NioDatagramChannel();
        }

        @Override
        ServerSocketChannel newAcceptor() {
            return new NioServerSocketChannel();
        }

        @Override
        SocketChannel newStreamChannel() {
            return new NioSocketChannel();
        }
    };

    /** {@return native epoll where it is available} */
    static IoBackend best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /** {@return how many packets are read from one socket before the others have their turn} The kernel drops what waits too long. */
    abstract int packetsPerRead();

    abstract IoHandlerFactory handlerFactory();

    abstract DatagramChannel newPacketChannel();

    abstract ServerSocketChannel newAcceptor();

    abstract SocketChannel newStreamChannel();
}
