package io.memberlist.simulator.fuzz.mutation;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * Loads the classes of this project again, with the bytes of some of them replaced, so that nothing else in the JVM
 * uses the broken ones.
 */
final class MutatedClassLoader extends ClassLoader {
    private final Map<String, byte[]> broken;

    /** @param broken the bytes of the replaced classes, by name */
    MutatedClassLoader(Map<String, byte[]> broken) {
        super(MutatedClassLoader.class.getClassLoader());
        this.broken = broken;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("io.memberlist.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = broken.get(name);
        if (bytes == null) {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                bytes = in.readAllBytes();
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
        return defineClass(name, bytes, 0, bytes.length);
    }
}
