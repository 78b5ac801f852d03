package io.memberlist;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.memberlist.metrics.MemberlistMetrics;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.NullMarked;

/** The rules of which package may depend on which. docs/architecture.md gives the reasons. */
@AnalyzeClasses(packages = "io.memberlist", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final Set<Class<?>> ADDRESSES = Set.of(
            InetAddress.class,
            Inet4Address.class,
            Inet6Address.class,
            InetSocketAddress.class,
            UnknownHostException.class);

    private static final Set<Class<?>> OWN_TIME_CHANCE_OR_THREADS = Set.of(
            Thread.class,
            ThreadLocal.class,
            Executors.class,
            ForkJoinPool.class,
            java.util.Timer.class,
            Clock.class,
            Random.class,
            SplittableRandom.class,
            ThreadLocalRandom.class,
            SecureRandom.class);

    /** The keys of hash tables are the peers' choice, and keys without an order make a table of colliding ones quadratic. */
    @ArchTest
    static final ArchRule keysFromTheWireHaveAnOrder = fields().that()
            .areDeclaredInClassesThat()
            .resideInAnyPackage("io.memberlist.swim..", "io.memberlist.transport", "io.memberlist.transport.netty")
            .should(HashKeys.BE_COMPARABLE_OR_IDENTITIES);

    @ArchTest
    static final ArchRule noPackageIsInACycle =
            slices().matching("io.memberlist.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nobodyKnowsTheRoot = noClasses()
            .that()
            .resideInAPackage("io.memberlist.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.memberlist");

    @ArchTest
    static final ArchRule extensionKnowsThePortsAndTheValuesOnly = noClasses()
            .that()
            .resideInAPackage("io.memberlist.extension")
            .should()
            .dependOnClassesThat(others("extension")
                    .and(DescribedPredicate.not(
                            resideInAnyPackage("io.memberlist.member", "io.memberlist.transport"))));

    @ArchTest
    static final ArchRule wireKnowsNobody = noClasses()
            .that()
            .resideInAPackage("io.memberlist.wire..")
            .should()
            .dependOnClassesThat(others("wire").or(resideInAPackage("io.netty..")));

    @ArchTest
    static final ArchRule transportKnowsNobody = noClasses()
            .that()
            .resideInAPackage("io.memberlist.transport")
            .should()
            .dependOnClassesThat(resideInAPackage("io.memberlist..")
                    .and(DescribedPredicate.not(
                            resideInAnyPackage("io.memberlist.transport", "io.memberlist.logging"))));

    @ArchTest
    static final ArchRule loggingKnowsNobody = noClasses()
            .that()
            .resideInAPackage("io.memberlist.logging")
            .should()
            .dependOnClassesThat(others("logging"));

    @ArchTest
    static final ArchRule nettyTransportKnowsOnlyThePorts = noClasses()
            .that()
            .resideInAPackage("io.memberlist.transport.netty..")
            .should()
            .dependOnClassesThat(others("transport"));

    @ArchTest
    static final ArchRule virtualTransportKnowsOnlyThePorts = noClasses()
            .that()
            .resideInAPackage("io.memberlist.transport.virtual..")
            .should()
            .dependOnClassesThat(others("transport").or(resideInAPackage("io.memberlist.transport.netty..")));

    @ArchTest
    static final ArchRule nobodyLivesInVirtualTimeUnasked = noClasses()
            .that()
            .resideOutsideOfPackage("io.memberlist.transport.virtual..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.memberlist.transport.virtual..");

    @ArchTest
    static final ArchRule broadcastKnowsNobody = noClasses()
            .that()
            .resideInAPackage("io.memberlist.broadcast..")
            .should()
            .dependOnClassesThat(others("broadcast"));

    @ArchTest
    static final ArchRule delegateKnowsValuesOnly = noClasses()
            .that()
            .resideInAPackage("io.memberlist.delegate..")
            .should()
            .dependOnClassesThat(
                    others("delegate").and(DescribedPredicate.not(resideInAPackage("io.memberlist.member"))));

    @ArchTest
    static final ArchRule memberKnowsNobody = noClasses()
            .that()
            .resideInAPackage("io.memberlist.member..")
            .should()
            .dependOnClassesThat(others("member"));

    @ArchTest
    static final ArchRule nettyStaysInItsRoom = noClasses()
            .that()
            .resideOutsideOfPackage("io.memberlist.transport.netty..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..");

    @ArchTest
    static final ArchRule onlyTheRootChoosesNetty = noClasses()
            .that()
            .resideOutsideOfPackages("io.memberlist", "io.memberlist.transport.netty..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.memberlist.transport.netty..");

    @ArchTest
    static final ArchRule swimKnowsNeitherMetricsNorTheApi = noClasses()
            .that()
            .resideInAPackage("io.memberlist.swim..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.memberlist.transport.netty..", "io.micrometer..")
                    .or(oneOf(Set.of(Memberlist.class, DefaultMemberlist.class, MemberlistMetrics.class))));

    @ArchTest
    static final ArchRule onlyTheBindersNeedMicrometer = noClasses()
            .that()
            .resideOutsideOfPackage("io.memberlist.metrics")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.micrometer..");

    @ArchTest
    static final ArchRule metricsKnowNeitherTheApiNorTheProtocol = noClasses()
            .that()
            .resideInAPackage("io.memberlist.metrics")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.memberlist", "io.memberlist.swim..");

    @ArchTest
    static final ArchRule swimReachesTheNetworkThroughItsPort = noClasses()
            .that()
            .resideInAPackage("io.memberlist.swim..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.net..", "java.nio.channels..", "javax.net..")
                    .and(DescribedPredicate.not(oneOf(ADDRESSES))));

    @ArchTest
    static final ArchRule swimLooksUpNoNames = noClasses()
            .that()
            .resideInAPackage("io.memberlist.swim..")
            .should()
            .callMethod(InetAddress.class, "getByName", String.class)
            .orShould()
            .callMethod(InetAddress.class, "getAllByName", String.class)
            .orShould()
            .callMethod(InetAddress.class, "getLocalHost")
            .orShould()
            .callConstructor(InetSocketAddress.class, String.class, int.class);

    @ArchTest
    static final ArchRule swimTakesTimeThreadsAndChanceFromItsLoop = noClasses()
            .that()
            .resideInAPackage("io.memberlist.swim..")
            .should()
            .dependOnClassesThat(oneOf(OWN_TIME_CHANCE_OR_THREADS))
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Math.class, "random");

    @ArchTest
    static final ArchRule swimNeedsNoLocks = noClasses()
            .that()
            .resideInAPackage("io.memberlist.swim..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.concurrent.locks..");

    @ArchTest
    static final ArchRule swimSynchronizesNothing = methods()
            .that()
            .areDeclaredInClassesThat()
            .resideInAPackage("io.memberlist.swim..")
            .should()
            .notHaveModifier(JavaModifier.SYNCHRONIZED);

    @ArchTest
    static final ArchRule everyPackageIsNullMarked = classes().should(resideInANullMarkedPackage());

    private static DescribedPredicate<JavaClass> others(String room) {
        return resideInAPackage("io.memberlist..")
                .and(DescribedPredicate.not(
                        resideInAnyPackage("io.memberlist." + room + "..", "io.memberlist.logging")));
    }

    private static DescribedPredicate<JavaClass> oneOf(Set<Class<?>> types) {
        return describe("are one of " + types, type -> types.stream().anyMatch(type::isEquivalentTo));
    }

    private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
        return new ArchCondition<>("reside in a @NullMarked package") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage()
                        .tryGetAnnotationOfType(NullMarked.class)
                        .isPresent();
                events.add(new SimpleConditionEvent(
                        type, marked, type.getName() + ": " + type.getPackageName() + " is not @NullMarked"));
            }
        };
    }
}
