package io.memberlist.simulator.fuzz.mutation;

import io.memberlist.simulator.fuzz.SeedRuns;
import java.util.Map;
import java.util.function.LongFunction;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.implementation.FixedValue;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.implementation.StubMethod;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;

/** A mutation of one method of the engine. */
final class Mutation {
    private final String type;
    private final byte[] bytes;

    private Mutation(String type, byte[] bytes) {
        this.type = type;
        this.bytes = bytes;
    }

    /** Lets a method do nothing, and return zero or null. */
    static Mutation doesNothing(String type, String method) {
        return replaced(type, method, StubMethod.INSTANCE);
    }

    /** Lets a method always return the same value. */
    static Mutation returns(String type, String method, Object value) {
        return replaced(type, method, FixedValue.value(value));
    }

    private static Mutation replaced(String type, String method, Implementation by) {
        return made(
                type,
                builder(type, method).method(ElementMatchers.named(method)).intercept(by));
    }

    /** Adds advice to a method or {@code <init>}, before or after it. */
    static Mutation advised(String type, String method, Class<?> advice) {
        return made(
                type,
                builder(type, method)
                        .visit(Advice.to(advice)
                                .on(
                                        method.equals("<init>")
                                                ? ElementMatchers.isConstructor()
                                                : ElementMatchers.named(method))));
    }

    /** Fails if the engine has no such method any more: the mutation would break nothing. */
    private static DynamicType.Builder<?> builder(String type, String method) {
        ClassFileLocator locator = ClassFileLocator.ForClassLoader.of(Mutation.class.getClassLoader());
        TypeDescription description =
                TypePool.Default.of(locator).describe("io.memberlist." + type).resolve();
        if (!method.equals("<init>")
                && description
                        .getDeclaredMethods()
                        .filter(ElementMatchers.named(method))
                        .isEmpty()) {
            throw new IllegalArgumentException(type + " has no method " + method + ": mutate the one that does it now");
        }
        return new ByteBuddy().redefine(description, locator);
    }

    private static Mutation made(String type, DynamicType.Builder<?> builder) {
        try (DynamicType.Unloaded<?> unloaded = builder.make()) {
            return new Mutation("io.memberlist." + type, unloaded.getBytes());
        }
    }

    /** {@return a function that runs a seed on the broken engine and returns the violations by checker} */
    LongFunction<Map<String, String>> engine(String faults) {
        return engine(SeedRuns.class, faults);
    }

    /** As {@link #engine(String)}, with other runs than those of the simulator. */
    LongFunction<Map<String, String>> engine(Class<?> ofRuns, String faults) {
        try {
            Object attempt = new MutatedClassLoader(Map.of(type, bytes))
                    .loadClass(ofRuns.getName())
                    .getConstructor(String.class)
                    .newInstance(faults);
            @SuppressWarnings("unchecked")
            LongFunction<Map<String, String>> runs = (LongFunction<Map<String, String>>) attempt;
            return runs;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
