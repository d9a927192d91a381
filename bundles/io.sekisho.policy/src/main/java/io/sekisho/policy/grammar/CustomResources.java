package io.sekisho.policy.grammar;

import io.sekisho.policy.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Definitions of the documents' kinds for Kubernetes (apiextensions.k8s.io/v1), from the grammar
 * that the parser goes by. What documents mean is checked by the agents, which say so in the
 * conditions of the status; here stands their form. Fields that are not supported yet stay in the
 * objects, so that an agent can say so, and no policy means more than its author wrote.
 */
public final class CustomResources {
  private static final String HEAD =
      """
      # Made by `sekisho-agent policy definitions`, from the grammar that the parser goes by.
      """;

  /** Kinds that an API server does not have by itself. */
  private static final List<Kind> KINDS =
      List.of(
          Kind.CILIUM,
          Kind.CILIUM_CLUSTERWIDE,
          Kind.CLUSTER_NETWORK_POLICY,
          Kind.ADMIN_NETWORK_POLICY,
          Kind.BASELINE_ADMIN_NETWORK_POLICY,
          Kind.EXPECTATION,
          Kind.PREFIX_LIST);

  /** Kubernetes bounds what conditions may cost, and counts with the longest list there may be. */
  private static final int MOST_SPECS = 1000;

  private static final MapShape CONDITION =
      MapShape.of()
          .needs("type", Shape.text())
          .needs("status", Shape.oneOf("True", "False", "Unknown"))
          .with("reason", Shape.text())
          .with("message", Shape.text())
          .with("observedGeneration", Shape.Plain.NUMBER)
          .with("lastTransitionTime", Shape.text());

  private static final MapShape STATUS =
      MapShape.of().with("conditions", new Shape.Items(CONDITION, 0));

  private CustomResources() {}

  /** All of them as YAML documents. */
  public static String yaml() {
    var dump =
        new Dump(
            DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.AUTO)
                .setSchema(new CoreSchema()) // quotes True, which others would read as a boolean
                .setDereferenceAliases(true)
                .setWidth(1000)
                .build());
    List<String> all = KINDS.stream().map(k -> dump.dumpToString(definition(k))).toList();
    return HEAD + String.join("---\n", all);
  }

  private static Map<String, Object> definition(Kind kind) {
    String group = group(kind.versions().getFirst());
    String singular = kind.text().toLowerCase(Locale.ROOT);
    String plural = kind.plural();
    var names = new LinkedHashMap<String, Object>();
    names.put("kind", kind.text());
    names.put("listKind", kind.text() + "List");
    names.put("plural", plural);
    names.put("singular", singular);
    names.put("shortNames", List.of(shortName(kind)));
    var spec = new LinkedHashMap<String, Object>();
    spec.put("group", group);
    spec.put("scope", kind.namespaced() ? "Namespaced" : "Cluster");
    spec.put("names", names);
    spec.put("versions", versions(kind));
    var metadata = new LinkedHashMap<String, Object>();
    metadata.put("name", plural + "." + group);
    metadata.put("labels", Map.of("app.kubernetes.io/part-of", "sekisho"));
    metadata.put("annotations", annotations(group));
    var out = new LinkedHashMap<String, Object>();
    out.put("apiVersion", "apiextensions.k8s.io/v1");
    out.put("kind", "CustomResourceDefinition");
    out.put("metadata", metadata);
    out.put("spec", spec);
    return out;
  }

  /**
   * They hold what people wrote: Helm leaves them when it goes; *.k8s.io asks for a word of why.
   */
  private static Map<String, String> annotations(String group) {
    var out = new LinkedHashMap<String, String>();
    out.put("helm.sh/resource-policy", "keep");
    if (group.endsWith(".k8s.io")) {
      out.put("api-approved.kubernetes.io", "unapproved, fields of the kind that Sekisho reads");
    }
    return out;
  }

  private static String group(String version) {
    return version.substring(0, version.indexOf('/'));
  }

  private static String shortName(Kind kind) {
    return switch (kind) {
      case CILIUM -> "cnp";
      case CILIUM_CLUSTERWIDE -> "ccnp";
      case CLUSTER_NETWORK_POLICY -> "clnp";
      case ADMIN_NETWORK_POLICY -> "anp";
      case BASELINE_ADMIN_NETWORK_POLICY -> "banp";
      case EXPECTATION -> "expect";
      case PREFIX_LIST -> "denylist";
      case NETWORK_POLICY -> throw new IllegalArgumentException("Kubernetes has it by itself");
    };
  }

  /** Every version has the same fields; the usual one is stored. */
  private static List<Object> versions(Kind kind) {
    var out = new ArrayList<Object>();
    for (String version : kind.versions()) {
      var one = new LinkedHashMap<String, Object>();
      one.put("name", version.substring(version.indexOf('/') + 1));
      one.put("served", true);
      one.put("storage", out.isEmpty());
      one.put("subresources", Map.of("status", Map.of()));
      one.put("additionalPrinterColumns", columns(kind));
      one.put("schema", Map.of("openAPIV3Schema", root(kind)));
      out.add(one);
    }
    return out;
  }

  private static List<Object> columns(Kind kind) {
    return List.of(
        column("Valid", "string", ".status.conditions[?(@.type==\"Valid\")].status"),
        kind == Kind.EXPECTATION
            ? column("Holds", "string", ".status.conditions[?(@.type==\"Holds\")].status")
            : column("Realized", "string", ".status.conditions[?(@.type==\"Realized\")].message"),
        column("Age", "date", ".metadata.creationTimestamp"));
  }

  private static Map<String, Object> column(String name, String type, String path) {
    var out = new LinkedHashMap<String, Object>();
    out.put("name", name);
    out.put("type", type);
    out.put("jsonPath", path);
    return out;
  }

  private static Map<String, Object> root(Kind kind) {
    MapShape root = MapShape.of();
    switch (kind) {
      case CILIUM, CILIUM_CLUSTERWIDE -> {
        root =
            root.with("spec", CiliumGrammar.SPEC)
                .with("specs", new Shape.Items(CiliumGrammar.SPEC, MOST_SPECS))
                .check("has(self.spec) || has(self.specs)", "the document has no spec");
        if (kind.namespaced()) {
          root =
              root.check(
                  "!has(self.spec) || !has(self.spec.nodeSelector)",
                  "nodes are of no namespace: only a CiliumClusterwideNetworkPolicy selects them");
        }
      }
      case EXPECTATION ->
          root =
              root.with("spec", OwnGrammar.EXPECTATION)
                  .with("specs", new Shape.Items(OwnGrammar.EXPECTATION, MOST_SPECS))
                  .check("has(self.spec) || has(self.specs)", "the document has no spec");
      case PREFIX_LIST -> root = root.needs("spec", OwnGrammar.PREFIX_LIST);
      case BASELINE_ADMIN_NETWORK_POLICY ->
          root =
              root.needs("spec", TierGrammar.spec(kind))
                  .check("self.metadata.name == 'default'", "its name is 'default'");
      default -> root = root.needs("spec", TierGrammar.spec(kind));
    }
    return OpenApi.of(root.with("status", STATUS));
  }
}
