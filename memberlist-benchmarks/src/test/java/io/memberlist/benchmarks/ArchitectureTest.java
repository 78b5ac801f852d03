package io.memberlist.benchmarks;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rules of which package may depend on which. docs/architecture.md gives the reasons. */
@AnalyzeClasses(packages = "io.memberlist.benchmarks", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule noPackageIsInACycle =
            slices().matching("io.memberlist.(**)").should().beFreeOfCycles();
}
