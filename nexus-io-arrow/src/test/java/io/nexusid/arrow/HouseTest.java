package io.nexusid.arrow;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the modules, and the habits that no compiler checks. */
@AnalyzeClasses(packages = "io.nexusid", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseTest {
    private static final String API = "io.nexusid.api..";
    private static final String GRAPH = "io.nexusid.graph..";
    private static final String STATES = "io.nexusid.states..";
    private static final String ARROW = "io.nexusid.arrow..";

    @ArchTest
    static final ArchRule theApiDependsOnNothingButJava = classes()
            .that()
            .resideInAPackage(API)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(API, "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule theGraphKnowsTheApiAndPrimitiveCollections = classes()
            .that()
            .resideInAPackage(GRAPH)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(API, GRAPH, "java..", "org.jspecify..", "it.unimi.dsi.fastutil..");

    @ArchTest
    static final ArchRule theStatesKnowTheApiAndPrimitiveCollections = classes()
            .that()
            .resideInAPackage(STATES)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(API, STATES, "java..", "org.jspecify..", "it.unimi.dsi.fastutil..");

    @ArchTest
    static final ArchRule kernelsKnowNoFiles = noClasses()
            .that()
            .resideInAnyPackage(GRAPH, STATES)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.net..");

    @ArchTest
    static final ArchRule formatsKnowNothingOfTheRunner = noClasses()
            .that()
            .resideInAPackage("io.nexusid.arrow.format..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.nexusid.arrow");

    @ArchTest
    static final ArchRule storedFilesKnowNeitherTheRunnerNorArrow = noClasses()
            .that()
            .resideInAPackage("io.nexusid.arrow.store..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.nexusid.arrow", "io.nexusid.arrow.format..", "org.apache..");

    @ArchTest
    static final ArchRule storedFilesAreReachedThroughTheDisk = noClasses()
            .that()
            .resideInAPackage("io.nexusid.arrow.store..")
            .and()
            .haveNameNotMatching(".*(LocalDisk|FolderLock)(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.nio.channels..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.nio.file.Files");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.nexusid.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule namesSaySomething =
            noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)");

    @ArchTest
    static final ArchRule librariesPrintNothing = noClasses()
            .that()
            .resideInAnyPackage(API, GRAPH, STATES, ARROW)
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");
}
