package io.memberlist.messaging;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.memberlist.HashKeys;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;

/** Who may know whom. docs/architecture.md says why. */
@AnalyzeClasses(packages = "io.memberlist.messaging", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule noPackageIsInACycle =
            slices().matching("io.memberlist.(**)").should().beFreeOfCycles();

    /** The keys of hash tables are the senders' choice, and keys without an order make a table of colliding ones quadratic. */
    @ArchTest
    static final ArchRule keysFromTheWireHaveAnOrder = fields().should(HashKeys.BE_COMPARABLE_OR_IDENTITIES);

    @ArchTest
    static final ArchRule bytesKnowNoWayOut = noClasses()
            .that()
            .resideInAPackage("io.memberlist.messaging.envelope")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.memberlist.messaging.outbox",
                    "io.memberlist.messaging.repair",
                    "io.memberlist.messaging.broadcast",
                    "io.memberlist.messaging.direct",
                    "io.memberlist.messaging.delivery",
                    "io.memberlist.extension..");

    @ArchTest
    static final ArchRule onlyThePortOfTheMemberIsKnown = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.memberlist.swim..",
                    "io.memberlist.wire..",
                    "io.memberlist.delegate..",
                    "io.memberlist.broadcast..",
                    "io.memberlist.transport.netty..",
                    "io.netty..",
                    "java.nio.channels..",
                    "java.util.concurrent.locks..");

    @ArchTest
    static final ArchRule innerPackagesDoNotKnowTheMember = noClasses()
            .that()
            .resideInAPackage("io.memberlist.messaging.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.memberlist");

    @ArchTest
    static final ArchRule timeThreadsAndChanceComeFromTheLoop = noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(
                    Thread.class,
                    ThreadLocal.class,
                    Executors.class,
                    ForkJoinPool.class,
                    Timer.class,
                    Clock.class,
                    Random.class,
                    SplittableRandom.class,
                    ThreadLocalRandom.class,
                    SecureRandom.class)
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Math.class, "random");
}
