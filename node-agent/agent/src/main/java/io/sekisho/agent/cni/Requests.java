package io.sekisho.agent.cni;

import io.sekisho.agent.endpoint.Attachment;
import io.sekisho.agent.endpoint.EndpointSpec;
import io.sekisho.cni.wire.CniException;
import io.sekisho.cni.wire.CniException.Code;
import io.sekisho.cni.wire.CniRequest;
import io.sekisho.cni.wire.CniResult;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PortLabels;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks what a CNI call says and gives it the agent's words. */
final class Requests {
  /** Supported versions of the CNI specification. */
  static final Set<String> VERSIONS = Set.of("0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0");

  /** CNI specification 1.1, section 2: what an identifier may be. */
  private static final Pattern CONTAINER = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,252}");

  /** What Linux takes as the name of an interface: IFNAMSIZ is 16 with the closing zero. */
  private static final Pattern INTERFACE = Pattern.compile("[^\\s/:%]{1,15}");

  private Requests() {}

  /** Container and interface of a call. */
  static Attachment attachment(CniRequest request) {
    String container = request.containerId();
    if (!CONTAINER.matcher(container).matches()) {
      throw new CniException(
          Code.INVALID_ENVIRONMENT, "CNI_CONTAINERID '" + container + "' is not an identifier");
    }
    String name = request.interfaceName();
    if (!INTERFACE.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      throw new CniException(
          Code.INVALID_ENVIRONMENT, "CNI_IFNAME '" + name + "' is not the name of an interface");
    }
    return new Attachment(container, name);
  }

  /** What ADD asks for. */
  static EndpointSpec.Request add(CniRequest request) {
    Attachment attachment = attachment(request);
    String pod = orElse(request, "K8S_POD_NAME", attachment.containerId());
    String namespace = orElse(request, "K8S_POD_NAMESPACE", "default");
    return new EndpointSpec.Request(
        attachment,
        networkNamespace(request),
        request.network(),
        namespace,
        pod,
        orElse(request, "K8S_POD_UID", ""),
        orElse(request, "SEKISHO_WORKLOAD", pod),
        labels(request, namespace),
        adopted(request));
  }

  /** What an earlier plugin of the chain made, if there was one. */
  private static Optional<EndpointSpec.Adopted> adopted(CniRequest request) {
    CniResult previous = request.previous();
    if (previous.isEmpty()) {
      return Optional.empty();
    }
    var hosts = previous.interfaces().stream().filter(i -> i.sandbox().isEmpty()).toList();
    List<InetAddress> addresses = addresses(previous, request.interfaceName());
    long v4 = addresses.stream().filter(Inet4Address.class::isInstance).count();
    if (addresses.isEmpty() || v4 > 1 || addresses.size() - v4 > 1) {
      throw new CniException(
          Code.INVALID_CONFIGURATION,
          "prevResult gives the interface "
              + addresses.size()
              + " addresses, one of either or each family is needed");
    }
    // Of several (a bridge and the pair's end) the kernel says which one it is.
    String host = hosts.size() == 1 ? hosts.getFirst().name() : "";
    return Optional.of(new EndpointSpec.Adopted(host, addresses));
  }

  /** Addresses of an interface; of all if none says which interface it belongs to. */
  private static List<InetAddress> addresses(CniResult previous, String name) {
    var all = previous.ips();
    var own = all.stream().filter(ip -> isOn(previous, ip, name)).toList();
    var addresses = new ArrayList<InetAddress>();
    for (CniResult.Ip ip : own.isEmpty() ? all : own) {
      String text = ip.address();
      int slash = text.indexOf('/');
      try {
        addresses.add(InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash)));
      } catch (IllegalArgumentException e) {
        throw new CniException(
            Code.INVALID_CONFIGURATION, "prevResult: '" + text + "' is no address", e);
      }
    }
    return addresses;
  }

  private static boolean isOn(CniResult result, CniResult.Ip ip, String name) {
    int index = ip.interfaceIndex();
    if (index < 0 || index >= result.interfaces().size()) {
      return false;
    }
    CniResult.Interface on = result.interfaces().get(index);
    return on.name().equals(name) && !on.sandbox().isEmpty();
  }

  static Path networkNamespace(CniRequest request) {
    String text = request.networkNamespace();
    try {
      Path path = Path.of(text);
      if (path.isAbsolute()) {
        return path;
      }
    } catch (InvalidPathException e) {
      // said below
    }
    throw new CniException(
        Code.INVALID_ENVIRONMENT, "CNI_NETNS '" + text + "' is not an absolute path");
  }

  private static Labels labels(CniRequest request, String namespace) {
    var texts = new ArrayList<String>();
    for (String text : orElse(request, "SEKISHO_LABELS", "").split(",", -1)) {
      if (!text.isBlank()) {
        texts.add("k8s:" + label(text.strip()));
      }
    }
    texts.add("k8s:" + Labels.NAMESPACE + "=" + namespace);
    texts.addAll(ports(request));
    return Labels.of(texts);
  }

  /** Names of the pod's ports, such as http=80/TCP; an empty list says that it has none. */
  private static List<String> ports(CniRequest request) {
    String list = request.args().get("SEKISHO_PORTS");
    try {
      return list == null ? List.of() : PortLabels.parse(list);
    } catch (IllegalArgumentException e) {
      throw new CniException(Code.INVALID_ENVIRONMENT, "SEKISHO_PORTS: " + e.getMessage());
    }
  }

  /** Labels come without a source: a pod must not call itself reserved:host. */
  private static String label(String text) {
    String key = text.contains("=") ? text.substring(0, text.indexOf('=')) : text;
    if (key.isEmpty() || key.contains(":") || key.equals(Labels.NAMESPACE)) {
      throw new CniException(
          Code.INVALID_ENVIRONMENT, "SEKISHO_LABELS: '" + text + "' is not like key=value");
    }
    return text;
  }

  private static String orElse(CniRequest request, String arg, String otherwise) {
    String value = request.args().getOrDefault(arg, "");
    return value.isEmpty() ? otherwise : value;
  }

  /** The attachments that GC shall keep. */
  static List<Attachment> valid(CniRequest request) {
    return request.validAttachments().stream()
        .map(a -> new Attachment(a.containerId(), a.interfaceName()))
        .toList();
  }

  /** Refuses versions of the specification that we do not speak. */
  static void requireVersion(CniRequest request) {
    if (!VERSIONS.contains(request.cniVersion())) {
      throw new CniException(
          Code.INCOMPATIBLE_VERSION,
          "cniVersion '"
              + request.cniVersion()
              + "' is none of "
              + String.join(", ", VERSIONS.stream().sorted().toList()));
    }
  }
}
