package io.memberlist.sample;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom. docs/architecture.md says why. */
@AnalyzeClasses(
        packages = "io.memberlist.sample",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.DoNotIncludeGenerated.class})
class ArchitectureTest {
    /** Leaves out what Spring's ahead-of-time processing generates when the application is packaged. */
    static final class DoNotIncludeGenerated implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("__");
        }
    }

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
