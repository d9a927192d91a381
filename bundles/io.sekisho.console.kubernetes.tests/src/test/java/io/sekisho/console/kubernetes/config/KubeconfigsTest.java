package io.sekisho.console.kubernetes.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.kubernetes.config.SignIn.How;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kubeconfigs are merged as kubectl does; a broken file says why and takes nothing from others. */
class KubeconfigsTest {
  private static final String SECRET = "s3cr3t-t0k3n";
  private static final String GOOD =
      """
      apiVersion: v1
      kind: Config
      clusters:
      - {name: shop, cluster: {server: "https://shop.example:6443", certificate-authority: ca.crt}}
      users:
      - {name: alice, user: {client-certificate: alice.crt, client-key: alice.key}}
      - {name: robot, user: {token: %s}}
      contexts:
      - {name: shop, context: {cluster: shop, user: alice, namespace: web}}
      - {name: shop-robot, context: {cluster: shop, user: robot}}
      current-context: shop
      """
          .formatted(SECRET);

  @TempDir private Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void usual_variable_isSplitAndHomeIsTheFallback() {
    Path home = Path.of("/home/alice");
    assertEquals(List.of(Path.of("/home/alice/.kube/config")), Kubeconfigs.usual("", home));
    assertEquals(
        List.of(Path.of("/a"), Path.of("/b")),
        Kubeconfigs.usual("/a" + File.pathSeparator + File.pathSeparator + "/b", home));
  }

  @Test
  void contexts_oneFile_tellServerUserAndWhichIsCurrent() throws IOException {
    List<KubeContext> all = Kubeconfigs.read(List.of(file("a", GOOD))).contexts();
    assertEquals(List.of("shop", "shop-robot"), all.stream().map(KubeContext::name).toList());
    KubeContext shop = all.getFirst();
    assertEquals("https://shop.example:6443", shop.server());
    assertEquals("web", shop.namespace());
    assertEquals(How.CERTIFICATE, shop.signIn().how());
    assertEquals(How.TOKEN, all.getLast().signIn().how());
    assertTrue(shop.current() && shop.usable());
    assertFalse(all.getLast().current());
  }

  @Test
  void contexts_severalFiles_areMergedAndTheFirstOfANameCounts() throws IOException {
    Path clusters =
        file(
            "clusters",
            """
            clusters: [{name: shop, cluster: {server: "https://first:1"}}]
            current-context: far
            """);
    Path more = file("more", "contexts: [{name: far, context: {cluster: shop, user: robot}}]\n");
    List<KubeContext> all = Kubeconfigs.read(List.of(clusters, file("a", GOOD), more)).contexts();
    assertEquals(
        List.of("shop", "shop-robot", "far"), all.stream().map(KubeContext::name).toList());
    assertTrue(all.stream().allMatch(c -> c.server().equals("https://first:1")));
    assertTrue(all.getLast().current() && all.getLast().usable());
  }

  @Test
  void contexts_everyWayToSignIn_isNamed() throws IOException {
    String users =
        """
        clusters: [{name: c, cluster: {server: "https://c"}}]
        users:
        - {name: a, user: {tokenFile: /run/token}}
        - {name: b, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: aws, args: [eks]}}}
        - {name: c, user: {auth-provider: {name: oidc, config: {idp-issuer-url: "https://id.example"}}}}
        - {name: d, user: {username: u, password: p}}
        - {name: e, user: {}}
        contexts:
        - {name: a, context: {cluster: c, user: a}}
        - {name: b, context: {cluster: c, user: b}}
        - {name: c, context: {cluster: c, user: c}}
        - {name: d, context: {cluster: c, user: d}}
        - {name: e, context: {cluster: c, user: e}}
        """;
    List<String> words =
        Kubeconfigs.read(List.of(file("a", users))).contexts().stream()
            .map(c -> c.signIn().words())
            .toList();
    assertEquals(
        List.of(
            "token file /run/token",
            "plugin aws",
            "OIDC https://id.example",
            "password",
            "nothing"),
        words);
  }

  @Test
  void contexts_withHoles_sayWhatIsMissing() throws IOException {
    String holes =
        """
        clusters:
        - {name: bare, cluster: {}}
        - {name: odd, cluster: {server: "shop.example"}}
        - {name: good, cluster: {server: "https://c"}}
        contexts:
        - {name: a, context: {cluster: nowhere, user: x}}
        - {name: b, context: {cluster: bare, user: x}}
        - {name: c, context: {cluster: odd, user: x}}
        - {name: d, context: {cluster: good, user: x}}
        - {name: e}
        - {context: {cluster: good}}
        """;
    List<String> problems =
        Kubeconfigs.read(List.of(file("a", holes))).contexts().stream()
            .map(KubeContext::problem)
            .toList();
    assertEquals(
        List.of(
            "No file has the cluster nowhere.",
            "The cluster bare has no server.",
            "The cluster's server is no URL: shop.example.",
            "No file has the user x.",
            "The context names no cluster."),
        problems);
  }

  @Test
  void read_brokenFiles_sayWhyAndTheOthersStillWork() throws IOException {
    Map<String, String> broken =
        Map.of(
            "tabs",
            "clusters:\n\t- name: x\n",
            "cut",
            "users: [{name: alice, user: {token: " + SECRET,
            "shape",
            "contexts: {token: " + SECRET + "}\n",
            "number",
            "clusters: 5\n",
            "list",
            "- " + SECRET + "\n",
            "word",
            SECRET + "\n");
    List<Path> paths = new ArrayList<>();
    for (Map.Entry<String, String> each : broken.entrySet()) {
      paths.add(file(each.getKey(), each.getValue()));
    }
    paths.add(Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1}));
    paths.add(Files.createDirectory(folder.resolve("folder")));
    paths.add(folder.resolve("missing"));
    paths.add(file("empty", "\n"));
    paths.add(file("good", GOOD));
    Kubeconfigs read = Kubeconfigs.read(paths);
    assertEquals(2, read.contexts().size());
    for (Path path : paths.subList(0, paths.size() - 2)) {
      String why = read.broken().getOrDefault(path, "");
      assertTrue(why.startsWith(path + " ") && why.endsWith("."), path + ": " + why);
      assertFalse(why.contains(SECRET), why);
    }
    assertEquals(paths.size() - 2, read.broken().size());
    assertTrue(read.broken().get(folder.resolve("missing")).endsWith("is not there."));
    assertTrue(read.broken().get(folder.resolve("tabs")).contains("line 2"));
    assertTrue(read.broken().get(folder.resolve("number")).contains("clusters"));
  }
}
