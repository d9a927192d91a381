package io.sekisho.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom in the agent. */
@AnalyzeClasses(packages = "io.sekisho.agent", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String AGENT = "io.sekisho.agent";

  @ArchTest
  static final ArchRule ONLY_DATAPATH_KNOWS_THE_KERNEL =
      noClasses()
          .that()
          .resideOutsideOfPackage(AGENT + ".datapath..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.sekisho.libbpf..", "io.sekisho.netlink..", "jnr..");

  @ArchTest
  static final ArchRule DATAPATH_KNOWS_NO_OTHER_PART =
      classes()
          .that()
          .resideInAPackage(AGENT + ".datapath..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              AGENT + ".datapath..",
              "io.sekisho.policy..",
              "io.sekisho.libbpf..",
              "io.sekisho.netlink..",
              "io.sekisho.bpf..",
              "java..",
              "org.jspecify..");

  @ArchTest
  static final ArchRule CLUSTER_AND_REVISION_KNOW_NEITHER_DATAPATH_NOR_RPC =
      noClasses()
          .that()
          .resideInAnyPackage(AGENT + ".cluster..", AGENT + ".revision..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(AGENT + ".datapath..", AGENT + ".rpc..");

  @ArchTest
  static final ArchRule RPC_KNOWS_NO_DATAPATH =
      noClasses()
          .that()
          .resideInAPackage(AGENT + ".rpc..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(AGENT + ".datapath..", AGENT + ".endpoint..", AGENT + ".reconcile..");

  @ArchTest
  static final ArchRule LOOP_AND_STATE_STAND_ALONE =
      noClasses()
          .that()
          .resideInAnyPackage(AGENT + ".loop..", AGENT + ".state..", AGENT + ".local..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              AGENT + ".cluster..",
              AGENT + ".datapath..",
              AGENT + ".endpoint..",
              AGENT + ".health..",
              AGENT + ".reconcile..",
              AGENT + ".rpc..");

  @ArchTest
  static final ArchRule GRPC_SERVERS_LIVE_IN_RPC =
      noClasses()
          .that()
          .resideOutsideOfPackages(AGENT + ".rpc..", AGENT + ".cluster..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..", "io.netty..", "io.etcd..");

  @ArchTest
  static final ArchRule ONLY_APISERVER_CALLS_KUBERNETES =
      noClasses()
          .that()
          .resideOutsideOfPackage(AGENT + ".apiserver..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.fabric8.kubernetes.client..");

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching(AGENT + ".(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NAMES_ARE_OF_THE_FIELD =
      noClasses().should().haveNameMatching(".*(Manager|Helper|Utils?)(\\$.*)?");
}
