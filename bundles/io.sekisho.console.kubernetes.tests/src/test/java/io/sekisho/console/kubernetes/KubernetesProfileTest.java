package io.sekisho.console.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.ConsoleException.Code;
import io.sekisho.console.core.Profiles;
import io.sekisho.console.core.kubernetes.KubernetesContext;
import io.sekisho.console.core.kubernetes.KubernetesContext.Reach;
import io.sekisho.console.core.kubernetes.KubernetesContext.Target;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Profiles of clusters with an API server are written and read; broken ones say what is wrong. */
class KubernetesProfileTest {
  private static final String GOOD =
      """
      {"name": "shop", "kubernetes": {"kubeconfigs": ["config"], "context": "shop-prod"}}
      """;

  @Test
  void parse_short_hasTheUsualChoices() {
    KubernetesContext context =
        Profiles.parse(GOOD, Path.of("/home/alice/.kube")).kubernetes().orElseThrow();
    assertEquals(
        KubernetesContext.usual(List.of(Path.of("/home/alice/.kube/config")), "shop-prod"),
        context);
  }

  @Test
  void write_thenParse_isTheSame() {
    KubernetesContext context =
        KubernetesContext.usual(List.of(Path.of("/a"), Path.of("/b")), "shop-prod")
            .with(Reach.DIRECT)
            .with(Target.KUBERNETES);
    ConnectionProfile profile = ConnectionProfile.kubernetes("shop", true, context);
    assertEquals(profile, Profiles.parse(Profiles.write(profile), Path.of("/else")));
    ConnectionProfile files = profile.with(Path.of("/ca"), Path.of("/crt"), Path.of("/key"));
    assertEquals(files, Profiles.parse(Profiles.write(files), Path.of("/else")));
  }

  @Test
  void parse_broken_saysWhatIsWrong() {
    for (String json :
        List.of(
            GOOD.replace("[\"config\"]", "[]"),
            GOOD.replace("\"context\"", "\"contxt\""),
            GOOD.replace("\"context\"", "\"reach\": \"by pigeon\", \"context\""),
            GOOD.replace("{\"kubeconfigs\"", "[{\"kubeconfigs\"").replace("}}", "}]}"))) {
      ConsoleException e =
          assertThrows(ConsoleException.class, () -> Profiles.parse(json, Path.of("")), json);
      assertEquals(Code.BAD_PROFILE, e.code());
    }
  }
}
