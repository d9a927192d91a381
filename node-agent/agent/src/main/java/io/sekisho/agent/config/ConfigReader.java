package io.sekisho.agent.config;

import io.sekisho.agent.config.AgentConfig.Dirs;
import io.sekisho.agent.config.AgentConfig.Flows;
import io.sekisho.agent.config.AgentConfig.Grpc;
import io.sekisho.agent.config.AgentConfig.HealthConfig;
import io.sekisho.agent.config.AgentConfig.Kubernetes;
import io.sekisho.agent.config.AgentConfig.MasqueradeConfig;
import io.sekisho.agent.config.AgentConfig.NodeName;
import io.sekisho.agent.config.AgentConfig.Pods;
import io.sekisho.agent.config.AgentConfig.PolicyConfig;
import io.sekisho.agent.config.AgentConfig.Pool;
import io.sekisho.agent.config.AgentConfig.Store;
import io.sekisho.agent.config.AgentConfig.StoreType;
import io.sekisho.agent.config.AgentConfig.Tls;
import io.sekisho.agent.config.AgentConfig.Underlay;
import io.sekisho.agent.config.ConfigException.Code;
import io.sekisho.agent.config.ConfigException.Problem;
import io.sekisho.agent.datapath.Masquerade;
import io.sekisho.agent.datapath.Overlay;
import io.sekisho.agent.datapath.Routing;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.EnforcementMode;
import io.sekisho.policy.NodeLabels;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.compile.FailSafe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads {@link AgentConfig} from YAML; every problem is said at once, with line and column. In a
 * value {@code ${NAME}} stands for a variable of the process, so that one file serves many nodes.
 */
public final class ConfigReader {
  private static final LoadSettings YAML =
      LoadSettings.builder().setUseMarks(true).setAllowDuplicateKeys(true).build();

  /** Where an installation puts it. */
  private static final Path CNI_CONFIGURATION = Path.of("/etc/cni/net.d/05-sekisho.conflist");

  /** IFNAMSIZ of linux/if.h, without the zero at its end. */
  private static final int LONGEST_DEVICE = 15;

  private static final Pattern PORTS = Pattern.compile("([0-9]{1,5})-([0-9]{1,5})");

  /** Kubernetes' label names and values. */
  private static final Pattern LABEL =
      Pattern.compile(
          "([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

  private static final Pattern LABEL_VALUE =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");

  /** Port of etcd for clients, as registered. */
  private static final int ETCD_PORT = 2379;

  private final Path folder;
  private final UnaryOperator<@Nullable String> environment;
  private final List<Problem> problems = new ArrayList<>();

  private ConfigReader(Path folder, UnaryOperator<@Nullable String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  /**
   * The configuration of a file; relative paths in it start at its folder.
   *
   * @throws ConfigException with everything that is wrong
   */
  public static AgentConfig read(Path file) {
    String yaml;
    try {
      yaml = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ConfigException(
          Code.UNREADABLE, file.toString(), List.of(new Problem(0, 0, "cannot be read: " + e)));
    }
    Path parent = file.toAbsolutePath().getParent();
    return parse(yaml, file.toString(), parent == null ? Path.of("/") : parent);
  }

  /**
   * The configuration of a text.
   *
   * @param source name of the text, for messages
   * @param folder where relative paths start
   * @throws ConfigException with everything that is wrong
   */
  public static AgentConfig parse(String yaml, String source, Path folder) {
    return parse(yaml, source, folder, System::getenv);
  }

  /**
   * The same where {@code ${NAME}} means something else than the process's own variables.
   *
   * @param environment value of a variable, null if there is none
   */
  static AgentConfig parse(
      String yaml, String source, Path folder, UnaryOperator<@Nullable String> environment) {
    var reader = new ConfigReader(folder, environment);
    Optional<Node> root;
    try {
      root = new Compose(YAML).composeString(yaml);
    } catch (MarkedYamlEngineException e) {
      var place = e.getProblemMark();
      throw new ConfigException(
          Code.SYNTAX,
          source,
          List.of(
              new Problem(
                  place.map(m -> m.getLine() + 1).orElse(0),
                  place.map(m -> m.getColumn() + 1).orElse(0),
                  String.valueOf(e.getProblem()))));
    } catch (YamlEngineException e) {
      throw new ConfigException(
          Code.SYNTAX, source, List.of(new Problem(0, 0, String.valueOf(e.getMessage()))));
    }
    AgentConfig config = reader.config(reader.section(root.orElse(null)));
    if (!reader.problems.isEmpty()) {
      reader.problems.sort(Comparator.comparingInt(Problem::line));
      throw new ConfigException(Code.INVALID, source, reader.problems);
    }
    return config;
  }

  private Section section(@Nullable Node root) {
    return new Section("", root, new Variables(environment), problems);
  }

  private AgentConfig config(Section root) {
    NodeName node = node(root.section("node"));
    Section flows = root.section("flows");
    Routing routing =
        root.section("routing").value("mode", ConfigReader::routing).orElse(Routing.VXLAN);
    Optional<Grpc> listening = root.has("grpc") ? grpc(root.section("grpc")) : Optional.empty();
    FailSafe failSafe = failSafe(root.section("hostFirewall"), listening);
    Overlay overlay = overlay(root.section("overlay"), routing);
    var config =
        new AgentConfig(
            node,
            underlay(root.section("underlay")),
            pods(root.section("pods"), root.has("kubernetes")),
            routing,
            routing.isOverlay() ? overlay : Overlay.NONE,
            masquerade(root.section("masquerade")),
            store(root.section("store"), root.has("kubernetes")),
            listening,
            dirs(root.section("dirs"), node.name()),
            new Flows(capacity(flows), flows.integer("aggregation_seconds", 5, 1, 3600)),
            root.section("conntrack").integer("entries", 1024, 1 << 24),
            root.section("nat").integer("entries", 1024, 1 << 24),
            health(root.section("health"), root.section("probes")),
            failSafe,
            root.section("cluster").list("apiServers", Cidr::parse),
            policy(root.section("policy"), failSafe),
            root.has("kubernetes")
                ? Optional.of(kubernetes(root.section("kubernetes"), node.name()))
                : Optional.empty(),
            services(root.section("services"), root.has("kubernetes")));
    root.finish();
    return config;
  }

  private static NodeName node(Section section) {
    String name = section.required("name");
    if (!name.isEmpty() && !name.matches("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?")) {
      section.problem("name", "'" + name + "' is no host name (small letters, digits, '-', '.')");
    }
    var labels = new TreeMap<String, String>();
    section
        .texts("labels")
        .forEach(
            (label, value) -> {
              if (!LABEL.matcher(label).matches() || !NodeLabels.isAllowed(label)) {
                section.problem("labels", "'" + label + "' is no label name of a node");
              } else if (!LABEL_VALUE.matcher(value).matches()) {
                section.problem("labels", "'" + value + "' is no label value");
              } else {
                labels.put(label, value);
              }
            });
    return new NodeName(
        name,
        section.text("cluster").orElse("default"),
        List.copyOf(NodeLabels.texts(name, labels)));
  }

  /** The agent's own port is among them, wherever it listens. */
  private static FailSafe failSafe(Section section, Optional<Grpc> listening) {
    List<PortRange> ports =
        section.has("failSafePorts")
            ? section.list("failSafePorts", FailSafe::parse)
            : FailSafe.USUAL_PORTS.stream().map(FailSafe::parse).toList();
    return FailSafe.of(
        Stream.concat(
                ports.stream(),
                listening.stream()
                    .map(g -> g.listen().getPort())
                    .map(p -> new PortRange(PortRange.TCP, p, p)))
            .toList());
  }

  private static Underlay underlay(Section section) {
    if (section.has("device") && section.has("deviceOf")) {
      section.problem("deviceOf", "a device is named or found by its address, not both");
    }
    Optional<String> found =
        section.value("deviceOf", text -> OwnInterface.named(ConfigReader.address(text)));
    return new Underlay(
        section.has("deviceOf") ? found.orElse("") : section.required("device"),
        section.list("addresses", ConfigReader::address));
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is not an address", e);
    }
  }

  private static Routing routing(String text) {
    return Stream.of(Routing.values())
        .filter(routing -> routing.word().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException("'" + text + "' is neither vxlan, geneve nor native"));
  }

  private static Overlay overlay(Section overlay, Routing routing) {
    int port = overlay.integer("port", Math.max(1, routing.usualPort()), 1, 65535);
    return new Overlay(port, overlay.value("outer", ConfigReader::outerByDevice).orElse(false));
  }

  private static boolean outerByDevice(String text) {
    return switch (text) {
      case "programs" -> false;
      case "device" -> true;
      default ->
          throw new IllegalArgumentException("'" + text + "' is neither programs nor device");
    };
  }

  private static HealthConfig health(Section health, Section probes) {
    return new HealthConfig(
        health.integer("lease_seconds", 300, 2, 3600),
        health.value("listen", ConfigReader::listen),
        probes.value("enabled", ConfigReader::yesOrNo).orElse(true),
        probes.integer("interval_seconds", 10, 1, 3600));
  }

  private static PolicyConfig policy(Section section, FailSafe failSafe) {
    return new PolicyConfig(
        new Enforcement(
            section.value("enforcement", ConfigReader::mode).orElse(EnforcementMode.DEFAULT),
            section.value("audit", ConfigReader::yesOrNo).orElse(false),
            failSafe),
        section.integer("verify_seconds", 300, 0, 86_400),
        section.list("spare", Cidr::parse));
  }

  private static EnforcementMode mode(String text) {
    return EnforcementMode.of(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'" + text + "' is neither default, always nor never"));
  }

  private static boolean yesOrNo(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
    };
  }

  private static MasqueradeConfig masquerade(Section section) {
    return new MasqueradeConfig(
        section.value("enabled", ConfigReader::yesOrNo).orElse(true),
        masqueradeOn(section),
        section.list("exclude", Cidr::parse));
  }

  private static Masquerade masqueradeOn(Section section) {
    Masquerade usual = section.value("ports", ConfigReader::ports).orElse(Masquerade.USUAL);
    List<String> devices = section.list("devices", ConfigReader::device);
    return section.has("devices") ? usual.on(devices) : usual;
  }

  private static String device(String text) {
    if (text.isEmpty() || text.length() > LONGEST_DEVICE || !text.matches("[^/:\\s]+")) {
      throw new IllegalArgumentException("'" + text + "' is no name of a device");
    }
    return text;
  }

  private static Masquerade ports(String text) {
    Matcher range = PORTS.matcher(text);
    if (range.matches()) {
      int first = Integer.parseInt(range.group(1));
      int last = Integer.parseInt(range.group(2));
      if (first >= 1024 && last <= 65_535 && last - first >= 255) {
        return new Masquerade(first, last);
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not like 49152-65535: from 1024 on, 256 ports at least");
  }

  private Kubernetes kubernetes(Section section, String node) {
    return new Kubernetes(
        node,
        section.value("kubeconfig", this::path),
        section.text("namespace").orElse("sekisho-system"),
        Duration.ofSeconds(section.integer("pod_timeout_seconds", 10, 1, 60)),
        section.integer("requests_per_second", 20, 1, 1000),
        section.list("include_labels", ConfigReader::pattern),
        section.list("exclude_labels", ConfigReader::pattern),
        section.value("cni_configuration", this::path).orElse(CNI_CONFIGURATION));
  }

  /** Only Kubernetes tells of services. */
  private Optional<Path> services(Section section, boolean kubernetes) {
    boolean enabled = section.value("enabled", ConfigReader::yesOrNo).orElse(kubernetes);
    if (enabled && !kubernetes) {
      section.problem(
          "enabled", "services come from Kubernetes: the section 'kubernetes' is missing");
    }
    Optional<Path> given = section.value("cgroup", this::path);
    return enabled ? given.or(CgroupTree::find) : Optional.empty();
  }

  private static Pattern pattern(String text) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no regular expression: " + e.getDescription(), e);
    }
  }

  private static Pods pods(Section section, boolean kubernetes) {
    boolean pooled = section.has("pools");
    if (pooled && section.has("cidrs")) {
      section.problem("pools", "a node has ranges of its own or leases from pools, not both");
    }
    List<Pool> pools = section.list("pools", ConfigReader::pool);
    if (pools.stream().map(p -> p.cidr().isV4()).distinct().count() < pools.size()) {
      section.problem("pools", "at most one pool of each family");
    }
    boolean given = kubernetes && !section.has("cidrs");
    return new Pods(pooled || given ? List.of() : podCidrs(section), pools);
  }

  /** {@code 10.244.0.0/16:24}: a pool, and the prefix length of a node's part. */
  private static Pool pool(String text) {
    int colon = text.lastIndexOf(':');
    String length = text.substring(colon + 1);
    if (text.indexOf('/') > 0 && text.indexOf('/') < colon && length.matches("[0-9]{1,3}")) {
      Cidr cidr = Cidr.parse(text.substring(0, colon));
      int bits = Integer.parseInt(length);
      int bits128 = cidr.isV4() ? 96 + bits : bits;
      if (bits128 > cidr.length128() && bits128 <= 125 && bits128 - cidr.length128() <= 24) {
        return new Pool(cidr, bits);
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not like 10.244.0.0/16:24 (a range, a node's part of it)");
  }

  private static List<Cidr> podCidrs(Section section) {
    List<Cidr> cidrs = section.list("cidrs", Cidr::parse);
    if (!section.has("cidrs")) {
      section.problem("cidrs", "at least one range of addresses is required");
    }
    long v4 = cidrs.stream().filter(Cidr::isV4).count();
    if (v4 > 1 || cidrs.size() - v4 > 1) {
      section.problem("cidrs", "at most one range of each family");
    }
    if (cidrs.stream().anyMatch(c -> c.length128() > 125)) {
      section.problem("cidrs", "a range must hold at least 8 addresses");
    }
    return cidrs;
  }

  private Store store(Section section, boolean kubernetes) {
    StoreType type = section.value("type", ConfigReader::storeType).orElse(StoreType.FILE);
    List<URI> endpoints = section.list("endpoints", ConfigReader::url);
    if (type == StoreType.ETCD && !section.has("endpoints")) {
      section.problem("endpoints", "etcd needs at least one URL");
    }
    if (type == StoreType.KUBERNETES && !kubernetes) {
      section.problem("type", "the store kubernetes needs the section 'kubernetes'");
    }
    boolean tls = endpoints.stream().anyMatch(e -> e.getScheme().equals("https"));
    boolean any = section.has("ca") || section.has("certificate") || section.has("key");
    return new Store(type, endpoints, tls || any ? Optional.of(tls(section)) : Optional.empty());
  }

  private static StoreType storeType(String text) {
    return switch (text) {
      case "file" -> StoreType.FILE;
      case "etcd" -> StoreType.ETCD;
      case "kubernetes" -> StoreType.KUBERNETES;
      default ->
          throw new IllegalArgumentException("'" + text + "' is neither file, etcd nor kubernetes");
    };
  }

  private static URI url(String text) {
    URI uri = URI.create(text);
    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!web || uri.getHost() == null) {
      throw new IllegalArgumentException("'" + text + "' is not like https://host:2379");
    }
    int port = uri.getPort() < 0 ? ETCD_PORT : uri.getPort();
    return URI.create(uri.getScheme() + "://" + uri.getHost() + ":" + port);
  }

  private Optional<Grpc> grpc(Section section) {
    section.required("listen");
    Tls tls = tls(section);
    Optional<String> name = section.text("serverName");
    boolean loopback = section.value("loopback", ConfigReader::yesOrNo).orElse(false);
    return section
        .value("listen", ConfigReader::listen)
        .map(listen -> new Grpc(listen, tls, name, loopback));
  }

  private static InetSocketAddress listen(String text) {
    int colon = text.lastIndexOf(':');
    if (colon > 0 && text.substring(colon + 1).matches("[0-9]{1,5}")) {
      int port = Integer.parseInt(text.substring(colon + 1));
      String host = text.substring(0, colon);
      boolean bracketed = host.startsWith("[") && host.endsWith("]");
      if (port <= 65535) {
        return new InetSocketAddress(
            address(bracketed ? host.substring(1, host.length() - 1) : host), port);
      }
    }
    throw new IllegalArgumentException("'" + text + "' is not like 192.0.2.1:4244 or [::1]:4244");
  }

  private Tls tls(Section section) {
    return new Tls(file(section, "ca"), file(section, "certificate"), file(section, "key"));
  }

  private Path file(Section section, String key) {
    return path(section.required(key));
  }

  private Path path(String text) {
    return folder.resolve(text);
  }

  private Dirs dirs(Section section, String node) {
    return new Dirs(
        section.value("run", this::path).orElse(Path.of("/run/sekisho", node)),
        section.value("state", this::path).orElse(Path.of("/var/lib/sekisho", node)),
        section.value("bpf", this::path).orElse(Path.of("/sys/fs/bpf/sekisho")));
  }

  private static int capacity(Section section) {
    int capacity = section.integer("capacity", 65_536, 1024, 1 << 22);
    if (Integer.bitCount(capacity) != 1) {
      section.problem("capacity", capacity + " is not a power of two");
    }
    return capacity;
  }
}
