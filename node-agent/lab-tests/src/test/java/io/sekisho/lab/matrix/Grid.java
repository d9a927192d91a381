package io.sekisho.lab.matrix;

import io.sekisho.api.v1.DocumentName;
import io.sekisho.api.v1.EndpointsGrpc;
import io.sekisho.api.v1.EnforcementGrpc;
import io.sekisho.api.v1.EnforcementMode;
import io.sekisho.api.v1.ListEndpointsRequest;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.Rollout;
import io.sekisho.api.v1.SetEnforcementRequest;
import io.sekisho.lab.AgentClient;
import io.sekisho.lab.Ip;
import io.sekisho.lab.Lab;
import io.sekisho.lab.LabException;
import io.sekisho.lab.LabFolder;
import io.sekisho.lab.LabNames;
import io.sekisho.lab.Outside;
import io.sekisho.lab.Pod;
import io.sekisho.lab.Programs;
import io.sekisho.lab.World;
import io.sekisho.lab.traffic.Echo;
import io.sekisho.lab.traffic.Place;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The matrix's lab: two nodes with the pods of {@link Plan}, echoes at both ports everywhere, and a
 * thread inside every place that opens its sockets.
 */
final class Grid implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** CNI's code of what may work later, as the plugin prints it. */
  private static final String TRY_AGAIN = "\"code\":11";

  private final Lab lab;
  private final List<Echo> echoes = new ArrayList<>();
  private final List<AgentClient> agents = new ArrayList<>();
  private final Map<String, List<InetAddress>> addresses = new HashMap<>();
  private final Map<String, ExecutorService> threads = new LinkedHashMap<>();
  private final Map<String, List<SctpSocket>> sctp = new HashMap<>();
  private Enforcement enforcement = Enforcement.USUAL;
  private List<DocumentName> documents = List.of();
  private int pushes;

  /** Brings it up. */
  Grid() throws IOException {
    lab =
        new Lab(
            new LabNames("skm" + ProcessHandle.current().pid() % 100_000),
            new LabFolder(Files.createTempDirectory("skm")),
            Programs.ofBuild(),
            line -> System.out.println("matrix: " + line));
    // a busy machine may keep an agent from its lease for long
    lab.up(new Lab.Wish(2, false, false, 90).withOutside());
    try {
      addPods();
      add(Plan.PEER, lab.names().world(Plan.PEER), Outside.PEER);
      add(Plan.SERVER, lab.names().world(Plan.SERVER), Outside.SERVER);
      agents.add(lab.client("n1"));
      agents.add(lab.client("n2"));
      for (Node node : agents.getFirst().nodes()) {
        add(node.getName(), lab.names().node(node.getName()), node.getAddressesList());
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void addPods() {
    int place = 0;
    for (var entry : Plan.pods().entrySet()) {
      String path = entry.getKey();
      int slash = path.indexOf('/');
      String namespace = path.substring(0, slash);
      String name = path.substring(slash + 1);
      Pod pod = added(namespace, name, Plan.node(place++), entry.getValue());
      add(path, lab.names().pod(namespace, name), pod.addresses());
    }
  }

  /** Tries again as a kubelet would where the agent asks for it: its store may be slow to begin. */
  private Pod added(String namespace, String name, String node, Map<String, String> labels) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return lab.addPod(namespace, name, node, labels);
      } catch (LabException e) {
        if (!e.getMessage().contains(TRY_AGAIN) || System.nanoTime() - end > 0) {
          throw e;
        }
        new Ip().add("netns del " + lab.names().pod(namespace, name)).run();
      }
    }
  }

  private void add(String place, String namespace, World world) {
    add(place, namespace, world.addresses());
  }

  private void add(String place, String namespace, List<String> itsAddresses) {
    Place inside = new Place(namespace);
    Plan.PORTS.forEach(port -> echoes.add(new Echo(inside, port)));
    threads.put(place, inside.executor("matrix-" + place));
    addresses.put(place, itsAddresses.stream().map(InetAddress::ofLiteral).toList());
    sctp.put(place, inside.call(() -> List.of(SctpSocket.open(true), SctpSocket.open(false))));
  }

  /** Everybody. */
  Set<String> places() {
    return threads.keySet();
  }

  /** The SCTP of a place by a family. */
  SctpSocket sctp(String place, boolean v6) {
    return sctp.get(place).get(v6 ? 1 : 0);
  }

  /** A place's address of a family. */
  InetAddress address(String place, boolean v6) {
    return addresses.get(place).get(v6 ? 1 : 0);
  }

  /** Follows the flows of both nodes from now on. */
  FlowWatch watch() {
    Map<InetAddress, String> byAddress = new HashMap<>();
    addresses.forEach((place, its) -> its.forEach(a -> byAddress.put(a, place)));
    return new FlowWatch(agents.stream().map(AgentClient::channel).toList(), byAddress);
  }

  /** The thread inside a place. */
  ExecutorService thread(String place) {
    return threads.get(place);
  }

  /**
   * Puts a case's documents in the place of all others, through each agent in turn.
   *
   * @return how it ended on the nodes
   */
  Rollout push(Case next) {
    enforce(next.enforcement());
    List<DocumentName> names = names(next.documents());
    List<DocumentName> gone = documents.stream().filter(d -> !names.contains(d)).toList();
    AgentClient agent = agents.get(pushes++ % agents.size());
    Rollout rollout = agent.push(next.name(), next.documents(), gone);
    documents = names;
    return rollout;
  }

  /** Has both agents obey policies so. */
  private void enforce(Enforcement next) {
    if (!next.equals(enforcement)) {
      var request =
          SetEnforcementRequest.newBuilder()
              .setMode(
                  switch (next.mode()) {
                    case DEFAULT -> EnforcementMode.ENFORCE_DEFAULT;
                    case ALWAYS -> EnforcementMode.ENFORCE_ALWAYS;
                    case NEVER -> EnforcementMode.ENFORCE_NEVER;
                  })
              .setAudit(next.audit())
              .build();
      agents.forEach(
          agent ->
              EnforcementGrpc.newBlockingStub(agent.channel())
                  .withDeadlineAfter(60, TimeUnit.SECONDS)
                  .set(request));
      enforcement = next;
    }
  }

  private static List<DocumentName> names(List<String> texts) {
    return Documents.parse(texts).documents().stream()
        .map(
            document ->
                DocumentName.newBuilder()
                    .setKind(document.kind())
                    .setNamespace(document.namespace())
                    .setName(document.name())
                    .build())
        .toList();
  }

  /** The identities that pods have, by the pod's path. */
  Map<String, Identity> identities() {
    Map<String, Identity> identities = new HashMap<>();
    EndpointsGrpc.newBlockingStub(agents.getFirst().channel())
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .list(ListEndpointsRequest.getDefaultInstance())
        .getEndpointsList()
        .forEach(
            endpoint ->
                identities.put(
                    endpoint.getNamespace() + "/" + endpoint.getPod(),
                    new Identity(endpoint.getIdentity(), Labels.of(endpoint.getLabelsList()))));
    return identities;
  }

  @Override
  public void close() throws IOException {
    agents.forEach(AgentClient::close);
    threads.values().forEach(ExecutorService::shutdownNow);
    for (Echo echo : echoes) {
      echo.close();
    }
    sctp.values().forEach(sockets -> sockets.forEach(SctpSocket::close));
    lab.down();
  }
}
