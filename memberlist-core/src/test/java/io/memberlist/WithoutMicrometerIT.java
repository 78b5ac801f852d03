package io.memberlist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memberlist.config.MemberlistConfig;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A plain Java application runs a member without Micrometer on its class path. */
class WithoutMicrometerIT {
    private final ClassLoader withoutMicrometer =
            new WithoutMicrometer(getClass().getClassLoader());

    @Test
    void aMemberStartsAndCounts() throws ReflectiveOperationException {
        Supplier<?> application = (Supplier<?>) Class.forName(Application.class.getName(), true, withoutMicrometer)
                .getDeclaredConstructor()
                .newInstance();

        assertThat(application).isNotInstanceOf(Application.class);
        assertThat(application.get()).isEqualTo("1 member, 0 packets");
    }

    @Test
    void onlyTheBinderNeedsIt() {
        assertThatThrownBy(() -> Class.forName("io.memberlist.metrics.MemberlistMetrics", true, withoutMicrometer))
                .isInstanceOf(NoClassDefFoundError.class)
                .hasMessageContaining("MeterBinder");
    }

    /** The class loader without Micrometer loads it again. */
    public static final class Application implements Supplier<String> {
        @Override
        public String get() {
            try (Memberlist member = Memberlist.create(MemberlistConfig.local()
                    .nodeName("plain")
                    .network(n -> n.bindAddress("127.0.0.1").bindPort(0))
                    .build())) {
                return member.numMembers() + " member, " + member.statistics().packetsSent() + " packets";
            }
        }
    }

    /**
     * Loads the classes of this project itself, so that they resolve their references here, and finds no Micrometer.
     */
    private static final class WithoutMicrometer extends ClassLoader {
        WithoutMicrometer(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                if (name.startsWith("io.micrometer.")) {
                    throw new ClassNotFoundException(name);
                }
                if (!name.startsWith("io.memberlist.")) {
                    return super.loadClass(name, resolve);
                }
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : define(name);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream bytes = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (bytes == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] code = bytes.readAllBytes();
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
