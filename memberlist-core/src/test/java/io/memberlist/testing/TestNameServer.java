package io.memberlist.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** A name server on loopback, UDP and TCP on the same port, whose answers the test determines. */
public final class TestNameServer implements AutoCloseable {
    public static final int NXDOMAIN = 3;
    public static final int SERVFAIL = 2;
    private static final int A = 1;
    private static final int CNAME = 5;
    private static final int AAAA = 28;
    private static final int SRV = 33;
    private static final int TRUNCATED = 0x0200;
    private static final int RESPONSE = 0x8180;
    private static final int HEADER_BYTES = 12;
    private static final int POINTER_TO_QUESTION = 0xc000 | HEADER_BYTES;

    private final Responder responder;
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final List<Socket> connections = Collections.synchronizedList(new ArrayList<>());
    private final Queue<Query> queries = new ConcurrentLinkedQueue<>();

    /** @param responder determines the answers */
    public TestNameServer(InetAddress address, Responder responder) throws IOException {
        this(address, 0, responder);
    }

    /**
     * @param port 0 for a free one
     * @param responder determines the answers
     */
    public TestNameServer(InetAddress address, int port, Responder responder) throws IOException {
        this.responder = responder;
        this.tcp = new ServerSocket(port, 50, address);
        this.udp = new DatagramSocket(new InetSocketAddress(address, tcp.getLocalPort()));
        start("udp", this::serveUdp);
        start("tcp", this::serveTcp);
    }

    /** One question. */
    public record Query(int id, String name, int type, boolean overTcp, byte[] bytes) {
        /** {@return "A", "AAAA", "SRV" or the number} */
        public String typeName() {
            return type == A ? "A" : type == AAAA ? "AAAA" : type == SRV ? "SRV" : String.valueOf(type);
        }

        @Override
        public String toString() {
            return (overTcp ? "tcp " : "udp ") + typeName() + " " + name;
        }
    }

    /** {@return the bytes to answer with, or null to stay silent (UDP) or to close (TCP)} */
    @FunctionalInterface
    public interface Responder {
        byte @Nullable [] respond(Query query) throws IOException;
    }

    /** One resource record without its name, which is that of the question. */
    public record Data(int type, byte[] content) {}

    public static Data address(String ip) {
        try {
            byte[] bytes = InetAddress.getByName(ip).getAddress();
            return new Data(bytes.length == 4 ? A : AAAA, bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public static Data alias(String name) {
        return new Data(CNAME, encoded(name));
    }

    public static Data service(int priority, int weight, int port, String host) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int number : new int[] {priority, weight, port}) {
            bytes.write(number >> 8);
            bytes.write(number);
        }
        bytes.writeBytes(encoded(host));
        return new Data(SRV, bytes.toByteArray());
    }

    /** {@return an answer with the records of the question's type; over UDP truncated to 512 bytes} */
    public static byte[] answer(Query query, Data... records) {
        List<Data> fitting = Arrays.stream(records)
                .filter(record -> record.type() == query.type() || record.type() == CNAME)
                .toList();
        byte[] all = message(query, 0, fitting);
        return query.overTcp() || all.length <= 512 ? all : message(query, TRUNCATED, List.of());
    }

    /** {@return an answer without records} */
    public static byte[] code(Query query, int code) {
        return message(query, code, List.of());
    }

    private static byte[] message(Query query, int flags, List<Data> records) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeShort(query.id());
            out.writeShort(RESPONSE | flags);
            out.writeShort(1);
            out.writeShort(records.size());
            out.writeInt(0);
            out.write(query.bytes(), HEADER_BYTES, query.bytes().length - HEADER_BYTES);
            for (Data record : records) {
                out.writeShort(POINTER_TO_QUESTION);
                out.writeShort(record.type());
                out.writeShort(1);
                out.writeInt(60);
                out.writeShort(record.content().length);
                out.write(record.content());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] encoded(String name) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String label : name.split("\\.")) {
            bytes.write(label.length());
            bytes.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        bytes.write(0);
        return bytes.toByteArray();
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) tcp.getLocalSocketAddress();
    }

    /** {@return {@code ip:port}} */
    public String text() {
        String ip = address().getAddress().getHostAddress();
        return (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":" + address().getPort();
    }

    /** Writes a file with name servers, and optionally more lines. */
    public static String resolvConf(Path directory, String... lines) throws IOException {
        return Files.write(Files.createTempFile(directory, "resolv", ".conf"), List.of(lines))
                .toString();
    }

    /** {@return the questions so far} */
    public List<String> asked() {
        return queries.stream().map(Query::toString).toList();
    }

    /** {@return whether a connection is open that the other side has not closed} */
    public boolean hasConnections() {
        return !connections.isEmpty();
    }

    private void serveUdp() throws IOException {
        byte[] buffer = new byte[65_536];
        while (true) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            udp.receive(packet);
            byte[] answer = responder.respond(heard(Arrays.copyOf(buffer, packet.getLength()), false));
            if (answer != null) {
                udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        }
    }

    private void serveTcp() throws IOException {
        while (true) {
            Socket socket = tcp.accept();
            connections.add(socket);
            start("connection", () -> serve(socket));
        }
    }

    private void serve(Socket socket) throws IOException {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] question = new byte[in.readUnsignedShort()];
                in.readFully(question);
                byte[] answer = responder.respond(heard(question, true));
                if (answer == null) {
                    return;
                }
                byte[] framed = new byte[answer.length + 2];
                framed[0] = (byte) (answer.length >> 8);
                framed[1] = (byte) answer.length;
                System.arraycopy(answer, 0, framed, 2, answer.length);
                out.write(framed);
            }
        } catch (EOFException e) {
            // the client has closed the connection
        } finally {
            connections.remove(socket);
        }
    }

    private Query heard(byte[] bytes, boolean overTcp) {
        StringBuilder name = new StringBuilder();
        int at = HEADER_BYTES;
        while (bytes[at] != 0) {
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(bytes, at + 1, bytes[at], StandardCharsets.US_ASCII));
            at += bytes[at] + 1;
        }
        int type = (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
        Query query = new Query((bytes[0] & 0xff) << 8 | bytes[1] & 0xff, name.toString(), type, overTcp, bytes);
        queries.add(query);
        return query;
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // the socket was closed
                    }
                },
                "test-name-server-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
        for (Socket socket : List.copyOf(connections)) {
            socket.close();
        }
    }
}
