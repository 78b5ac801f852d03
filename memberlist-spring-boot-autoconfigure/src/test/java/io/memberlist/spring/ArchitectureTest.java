package io.memberlist.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which package may depend on which. docs/architecture.md says why. */
@AnalyzeClasses(packages = "io.memberlist.spring", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule noPackageIsInACycle =
            slices().matching("io.memberlist.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule whatWorksWithoutSpringBootDoesNotKnowIt = noClasses()
            .that()
            .resideOutsideOfPackage("io.memberlist.spring.boot..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.boot..", "io.memberlist.spring.boot..");

    @ArchTest
    static final ArchRule theEngineIsUsedThroughItsApi = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.memberlist.swim..", "io.memberlist.wire..");

    @ArchTest
    static final ArchRule innerPackagesOfLayersStayTheirOwn = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.memberlist.messaging.envelope",
                    "io.memberlist.messaging.broadcast",
                    "io.memberlist.messaging.repair",
                    "io.memberlist.messaging.direct",
                    "io.memberlist.messaging.outbox",
                    "io.memberlist.messaging.delivery");
}
