package io.memberlist.simulator.fuzz.mutation;

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

/** One method of the engine that does something else than it should. */
final class Mutation {
    private final String type;
    private final byte[] bytes;

    private Mutation(String type, byte[] bytes) {
        this.type = type;
        this.bytes = bytes;
    }

    /** A method does nothing, and returns zero or null. */
    static Mutation doesNothing(String type, String method) {
        return replaced(type, method, StubMethod.INSTANCE);
    }

    /** A method always returns the same. */
    static Mutation returns(String type, String method, Object value) {
        return replaced(type, method, FixedValue.value(value));
    }

    private static Mutation replaced(String type, String method, Implementation by) {
        return made(type, builder(type).method(ElementMatchers.named(method)).intercept(by));
    }

    /** A method, or {@code <init>}, does something else before or after what it should do. */
    static Mutation advised(String type, String method, Class<?> advice) {
        return made(
                type,
                builder(type)
                        .visit(Advice.to(advice)
                                .on(
                                        method.equals("<init>")
                                                ? ElementMatchers.isConstructor()
                                                : ElementMatchers.named(method))));
    }

    private static DynamicType.Builder<?> builder(String type) {
        ClassFileLocator locator = ClassFileLocator.ForClassLoader.of(Mutation.class.getClassLoader());
        TypeDescription description =
                TypePool.Default.of(locator).describe("io.memberlist." + type).resolve();
        return new ByteBuddy().redefine(description, locator);
    }

    private static Mutation made(String type, DynamicType.Builder<?> builder) {
        try (DynamicType.Unloaded<?> unloaded = builder.make()) {
            return new Mutation("io.memberlist." + type, unloaded.getBytes());
        }
    }

    /** {@return what runs a seed on the broken engine and tells which checkers complained, and of what} */
    LongFunction<Map<String, String>> engine(String faults) {
        try {
            Object attempt = new MutatedClassLoader(Map.of(type, bytes))
                    .loadClass("io.memberlist.simulator.fuzz.SeedRuns")
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
