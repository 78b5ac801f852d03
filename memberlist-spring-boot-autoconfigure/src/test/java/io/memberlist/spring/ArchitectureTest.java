package io.memberlist.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom. docs/architecture.md says why. */
@AnalyzeClasses(packages = "io.memberlist.spring", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule noPackageIsInACycle =
            slices().matching("io.memberlist.(**)").should().beFreeOfCycles();

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
