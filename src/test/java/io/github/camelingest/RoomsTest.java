package io.github.camelingest;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.github.camelingest.load.BadLineException;
import io.github.camelingest.load.Characters;
import io.github.camelingest.load.JsonFields;
import io.github.camelingest.load.JsonRows;
import io.github.camelingest.load.Quotation;
import io.github.camelingest.load.Reason;

/** Arrows between the rooms run downward only. */
@AnalyzeClasses(
    packages = "io.github.camelingest",
    importOptions = {ImportOption.DoNotIncludeTests.class, ImportOption.DoNotIncludeJars.class})
class RoomsTest {

  @ArchTest
  static final ArchRule ARROWS_RUN_DOWNWARD =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("main")
          .definedBy("io.github.camelingest")
          .layer("cli")
          .definedBy("..cli..")
          .layer("doctor")
          .definedBy("..doctor..")
          .layer("rehearsal")
          .definedBy("..rehearsal..")
          .layer("app")
          .definedBy("..app..")
          .layer("management")
          .definedBy("..management..")
          .layer("routes")
          .definedBy("..routes..")
          .layer("discovery")
          .definedBy("..discovery..")
          .layer("afterload")
          .definedBy("..afterload..")
          .layer("batch")
          .definedBy("..batch..")
          .layer("load")
          .definedBy("..load..")
          .layer("compression")
          .definedBy("..compression..")
          .layer("ledger")
          .definedBy("..ledger..")
          .whereLayer("main")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("cli")
          .mayOnlyBeAccessedByLayers("main")
          .whereLayer("doctor")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("rehearsal")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("app")
          .mayOnlyBeAccessedByLayers("cli", "doctor", "rehearsal")
          .whereLayer("management")
          .mayOnlyBeAccessedByLayers("app")
          .whereLayer("routes")
          .mayOnlyBeAccessedByLayers("cli", "rehearsal", "app", "management")
          .whereLayer("discovery")
          .mayOnlyBeAccessedByLayers("app", "routes")
          .whereLayer("afterload")
          .mayOnlyBeAccessedByLayers("app")
          .whereLayer("batch")
          .mayOnlyBeAccessedByLayers("rehearsal", "app", "routes")
          .whereLayer("load")
          .mayOnlyBeAccessedByLayers(
              "cli", "doctor", "rehearsal", "app", "management", "routes", "discovery", "batch")
          .whereLayer("compression")
          .mayOnlyBeAccessedByLayers("load")
          .whereLayer("ledger")
          .mayOnlyBeAccessedByLayers(
              "cli",
              "doctor",
              "rehearsal",
              "app",
              "management",
              "discovery",
              "afterload",
              "batch",
              "load");

  @ArchTest
  static final ArchRule ONLY_ROUTES_NAME_THE_DATASETS_RECORDS =
      noClasses()
          .that()
          .resideOutsideOfPackage("..fieldservice..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..fieldservice..");

  @ArchTest
  static final ArchRule RECORDS_OF_DATASETS_KNOW_ONLY_HOW_TO_READ_OR_REFUSE_A_LINE =
      classes()
          .that()
          .resideInAPackage("..fieldservice..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage("..fieldservice..", "com.fasterxml.jackson..", "java..")
                  .or(
                      belongToAnyOf(
                          BadLineException.class,
                          Characters.class,
                          JsonFields.class,
                          JsonRows.class,
                          Quotation.class,
                          Reason.class)));

  @ArchTest
  static final ArchRule THE_LOCAL_STACK_STAYS_OUT =
      noClasses()
          .that()
          .resideOutsideOfPackage("..local..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..local..");
}
