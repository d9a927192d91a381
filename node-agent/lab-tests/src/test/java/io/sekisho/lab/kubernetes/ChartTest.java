package io.sekisho.lab.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sekisho.lab.Command;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart, by real Helm. */
final class ChartTest {
  private static final Path CHART = ControlPlane.scripts().resolve("chart");

  @BeforeAll
  static void needsHelm() {
    assumeTrue(
        ControlPlane.missingPrograms("helm").isEmpty(),
        ControlPlane.missingPrograms("helm")::toString);
  }

  private static Command.Result helm(String... arguments) {
    var words = new ArrayList<>(List.of(ControlPlane.programs().resolve("helm").toString()));
    words.addAll(List.of(arguments));
    return new Command(words, "", Map.of()).tryRun();
  }

  private static Command.Result template(String... settings) {
    var words =
        new ArrayList<>(List.of("template", "sekisho", CHART.toString(), "-n", "sekisho-system"));
    for (String setting : settings) {
      words.addAll(List.of("--set", setting));
    }
    return helm(words.toArray(String[]::new));
  }

  private static Map<String, String> files(Path folder) throws IOException {
    var out = new TreeMap<String, String>();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        out.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return out;
  }

  @Test
  void lint_strict_findsNothing() {
    Command.Result said = helm("lint", "--strict", CHART.toString());
    assertEquals(0, said.status(), said::toString);
  }

  @Test
  void manifests_areTheChartsRendering(@TempDir Path folder) throws IOException {
    new Command(
            List.of(ControlPlane.scripts().resolve("render.bash").toString(), folder.toString()),
            "",
            Map.of())
        .run();
    assertEquals(
        files(folder),
        files(ControlPlane.scripts().resolve("manifests")),
        "run releng/kubernetes/render.bash releng/kubernetes/manifests");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "routng=vxlan",
        "routing=ipip",
        "grpcPort=0",
        "host.plugins=opt",
        "maxUnavailable=0",
        "certificates.from=cert-manager"
      })
  void template_wrongValue_isRefused(String setting) {
    Command.Result said = template(setting);
    assertEquals(1, said.status(), said::toString);
    assertTrue(said.error().contains("don't meet the specifications"), said::error);
  }

  @ParameterizedTest
  @CsvSource({
    "certificates.from=job,kind: Job,kind: Certificate",
    "certificates.from=secret,kind: DaemonSet,kind: Job",
    "crds.policies=false,sekishonodes.sekisho.io,ciliumnetworkpolicies.cilium.io",
    "config.policy.audit=true,audit: true,kind: Namespace",
    "routing=geneve,mode: geneve,mode: vxlan",
    "apiServer.host=192.0.2.1,KUBERNETES_SERVICE_HOST,imagePullPolicy: Never",
  })
  void template_value_changesWhatItSays(String setting, String has, String hasNot) {
    Command.Result said = template(setting);
    assertEquals(0, said.status(), said::toString);
    assertTrue(said.output().contains(has), said::output);
    assertFalse(said.output().contains(hasNot), said::output);
  }

  @Test
  void template_certManager_asksItsIssuer() {
    Command.Result said =
        template("certificates.from=cert-manager", "certificates.issuer.name=house");
    assertEquals(0, said.status(), said::toString);
    assertTrue(said.output().contains("name: house"), said::output);
    assertFalse(said.output().contains("kind: Job"), said::output);
  }

  @Test
  void template_otherNamespace_isNowhereElse() {
    Command.Result said = helm("template", "sekisho", CHART.toString(), "-n", "elsewhere");
    assertEquals(0, said.status(), said::toString);
    assertFalse(said.output().contains("sekisho-system"), said::output);
  }
}
