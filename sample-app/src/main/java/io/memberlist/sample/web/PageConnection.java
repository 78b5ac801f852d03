package io.memberlist.sample.web;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * The connection to one open page. A separate thread writes to it from a short queue, so a page that reads nothing
 * delays no other. It is disconnected, and may connect again.
 */
final class PageConnection implements Runnable {
    private static final int MAX_WAITING = 100;

    private record Event(String name, String json) {}

    private final SseEmitter emitter = new SseEmitter(0L);
    private final BlockingQueue<Event> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Thread thread = new Thread(this, "sample-page-connection");
    private volatile boolean open = true;

    PageConnection() {
        thread.setDaemon(true);
        emitter.onCompletion(this::close);
        emitter.onError(failure -> close());
        emitter.onTimeout(this::close);
    }

    SseEmitter emitter() {
        return emitter;
    }

    void start() {
        thread.start();
    }

    boolean isOpen() {
        return open;
    }

    void send(String name, String json) {
        if (!waiting.offer(new Event(name, json))) {
            close();
        }
    }

    void close() {
        open = false;
        thread.interrupt();
    }

    @Override
    public void run() {
        try {
            while (open) {
                Event event = waiting.take();
                emitter.send(SseEmitter.event().name(event.name()).data(event.json()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | IllegalStateException e) {
            open = false; // the page was closed
        } finally {
            emitter.complete();
        }
    }
}
