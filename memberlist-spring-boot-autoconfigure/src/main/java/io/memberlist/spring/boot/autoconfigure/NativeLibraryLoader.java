package io.memberlist.spring.boot.autoconfigure;

import io.memberlist.transport.netty.NettyTransportFactory;
import java.util.concurrent.Executor;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.NativeDetector;

/**
 * Loads Netty's native library while Spring starts, so that the member need not wait for it. Spring Boot prepares Jackson and
 * Tomcat in the same way; this is not one of its preinitializers, because those run in applications that are no members, too.
 */
final class NativeLibraryLoader implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {
    private final Executor background;

    /** Is called by Spring Boot. */
    NativeLibraryLoader() {
        this(NativeLibraryLoader::startThread);
    }

    NativeLibraryLoader(Executor background) {
        this.background = background;
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        boolean member = !"false".equalsIgnoreCase(event.getEnvironment().getProperty("memberlist.enabled"));
        if (member && Runtime.getRuntime().availableProcessors() > 1 && !NativeDetector.inNativeImage()) {
            // Who asks for the factory meanwhile waits until the class is initialized.
            background.execute(NettyTransportFactory::shared);
        }
    }

    private static void startThread(Runnable task) {
        Thread thread = new Thread(task, "memberlist-native-library");
        thread.setDaemon(true);
        thread.start();
    }
}
