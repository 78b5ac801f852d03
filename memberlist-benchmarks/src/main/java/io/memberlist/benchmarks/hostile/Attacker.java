package io.memberlist.benchmarks.hostile;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/** A hostile peer at one address: sends bytes, and counts what comes back. Packets may be sent from any thread. */
final class Attacker implements Closeable {
    private static final int CONNECT_MILLIS = 5000;
    private static final int ANSWER_MILLIS = 10_000;
    private static final int MAX_PACKET = 65_536;

    private final InetAddress host;
    private final DatagramSocket socket;
    private final AtomicLong packetsSent = new AtomicLong();
    private final AtomicLong bytesSent = new AtomicLong();
    private final AtomicLong bytesReceived = new AtomicLong();
    private final List<Socket> open = new ArrayList<>();
    private volatile BiConsumer<byte[], InetSocketAddress> listener = (packet, from) -> {};

    /** @param host the address to send from, of which loopback has many */
    Attacker(String host) throws IOException {
        this.host = InetAddress.getByName(host);
        this.socket = new DatagramSocket(0, this.host);
        Thread thread = new Thread(this::receive, "attacker-" + host);
        thread.setDaemon(true);
        thread.start();
    }

    private void receive() {
        DatagramPacket packet = new DatagramPacket(new byte[MAX_PACKET], MAX_PACKET);
        try {
            while (true) {
                packet.setLength(MAX_PACKET);
                socket.receive(packet);
                bytesReceived.addAndGet(packet.getLength());
                listener.accept(Arrays.copyOf(packet.getData(), packet.getLength()), (InetSocketAddress)
                        packet.getSocketAddress());
            }
        } catch (IOException closed) {
            // The scene is over.
        }
    }

    /** Sets what is told of each packet that arrives, on another thread. */
    void listen(BiConsumer<byte[], InetSocketAddress> heard) {
        listener = heard;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(host, socket.getLocalPort());
    }

    /** {@return the four bytes of the address} */
    byte[] ip() {
        return host.getAddress();
    }

    void packet(InetSocketAddress to, byte[] bytes) throws IOException {
        socket.send(new DatagramPacket(bytes, bytes.length, to));
        packetsSent.incrementAndGet();
        bytesSent.addAndGet(bytes.length);
    }

    /** Opens a stream and writes to it. It stays open until this is closed. */
    Socket stream(InetSocketAddress to, byte[] bytes) throws IOException {
        Socket stream = new Socket();
        stream.bind(new InetSocketAddress(host, 0));
        stream.connect(to, CONNECT_MILLIS);
        stream.setSoTimeout(ANSWER_MILLIS);
        synchronized (open) {
            open.add(stream);
        }
        stream.getOutputStream().write(bytes);
        return stream;
    }

    /** Writes to a new stream, and reads what is answered until the other side ends it, breaks it, or says nothing more. */
    void ask(InetSocketAddress to, byte[] bytes) throws IOException {
        try (Socket stream = stream(to, bytes)) {
            InputStream in = stream.getInputStream();
            byte[] buffer = new byte[8192];
            while (in.read(buffer) >= 0) {
                // What is answered does not matter.
            }
        } catch (SocketException | SocketTimeoutException refused) {
            // A member may end a stream at any time.
        }
    }

    long packetsSent() {
        return packetsSent.get();
    }

    long bytesSent() {
        return bytesSent.get();
    }

    long bytesReceived() {
        return bytesReceived.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        synchronized (open) {
            for (Socket stream : open) {
                stream.close();
            }
        }
    }
}
