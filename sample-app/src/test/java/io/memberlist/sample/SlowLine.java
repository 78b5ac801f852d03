package io.memberlist.sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A line to a server on this machine that lets through so many bytes a second, of all answers together. */
final class SlowLine implements AutoCloseable {
    private static final int CHUNK = 256;

    private final ServerSocket entry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final Object line = new Object();
    private final int serverPort;
    private volatile int bytesPerSecond = Integer.MAX_VALUE;

    SlowLine(int serverPort) throws IOException {
        this.serverPort = serverPort;
        run(this::accept);
    }

    int port() {
        return entry.getLocalPort();
    }

    void letThrough(int newBytesPerSecond) {
        bytesPerSecond = newBytesPerSecond;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = entry.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            sockets.addAll(List.of(client, server));
            run(() -> client.getInputStream().transferTo(server.getOutputStream()));
            run(() -> carry(server.getInputStream(), client));
        }
    }

    private void carry(InputStream answers, Socket client) throws IOException, InterruptedException {
        try (client) {
            OutputStream out = client.getOutputStream();
            byte[] chunk = new byte[CHUNK];
            for (int size = answers.read(chunk); size >= 0; size = answers.read(chunk)) {
                synchronized (line) {
                    // in parts, so that a line that becomes faster does so at once
                    for (double due = size; due > 0; due -= bytesPerSecond / 50.0) {
                        if (bytesPerSecond < Integer.MAX_VALUE) {
                            Thread.sleep(20);
                        }
                    }
                }
                out.write(chunk, 0, size);
            }
        }
    }

    private interface Task {
        void run() throws Exception;
    }

    private static void run(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (Exception e) {
                // The line or one of its ends was closed.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        entry.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
