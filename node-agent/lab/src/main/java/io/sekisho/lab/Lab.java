package io.sekisho.lab;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.sekisho.lab.shop.Call;
import io.sekisho.lab.shop.Listener;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A cluster on this machine: brings it up, changes it, takes it down. Each command of the user is a
 * process of its own, so all that is remembered is on disk and in the kernel. One caller at a time.
 */
public final class Lab {
  private final LabNames names;
  private final LabFolder folder;
  private final Programs programs;
  private final Consumer<String> progress;
  private final Underlay underlay;
  private final Etcd etcd;
  private final Cni cni;
  private final Workloads workloads;

  /**
   * The lab of a name and a folder, up or not.
   *
   * @param progress is told one line for each step
   */
  public Lab(LabNames names, LabFolder folder, Programs programs, Consumer<String> progress) {
    this.names = names;
    this.folder = folder;
    this.programs = programs;
    this.progress = progress;
    underlay = new Underlay(names);
    etcd = new Etcd(folder, names);
    cni = new Cni(programs, names);
    workloads = new Workloads(folder, programs);
  }

  /**
   * What to bring up.
   *
   * @param nodes how many, 1 to 9
   * @param shop whether the shop's pods run
   * @param hostLink whether this machine itself is on the underlay, so that a console reaches it
   * @param leaseSeconds after which a silent node is gone
   * @param network how the cluster is networked
   * @param outside whether there are machines of {@link Outside}
   * @param fakeClocks whether agents' clocks can be set, see {@link Faults#clock}
   */
  public record Wish(
      int nodes,
      boolean shop,
      boolean hostLink,
      int leaseSeconds,
      ClusterNetwork network,
      boolean outside,
      boolean fakeClocks) {
    /** Long enough for an agent to be started again. */
    public static final int LEASE_SECONDS = 20;

    /** With the usual lease and network. */
    public Wish(int nodes, boolean shop, boolean hostLink) {
      this(nodes, shop, hostLink, LEASE_SECONDS);
    }

    /** With the usual network. */
    public Wish(int nodes, boolean shop, boolean hostLink, int leaseSeconds) {
      this(nodes, shop, hostLink, leaseSeconds, ClusterNetwork.USUAL, false, false);
    }

    /** Refuses numbers of nodes that the addresses do not allow. */
    public Wish {
      if (nodes < 1 || nodes > LabNode.MOST) {
        throw new LabException(
            LabException.Code.UNKNOWN, nodes + " nodes: 1 to " + LabNode.MOST + " are possible");
      }
    }

    /** The same with another network. */
    public Wish on(ClusterNetwork other) {
      return new Wish(nodes, shop, hostLink, leaseSeconds, other, outside, fakeClocks);
    }

    /** The same with the machines of {@link Outside}. */
    public Wish withOutside() {
      return new Wish(nodes, shop, hostLink, leaseSeconds, network, true, fakeClocks);
    }

    /** The same with clocks that can be set. */
    public Wish withFakeClocks() {
      return new Wish(nodes, shop, hostLink, leaseSeconds, network, outside, true);
    }
  }

  /**
   * Brings the lab up. What an earlier lab of this name left after a crash is removed first; if it
   * fails halfway, what it made is removed.
   *
   * @throws LabException with ALREADY_UP, ADDRESS_TAKEN, PROGRAM_MISSING, PROGRAM_FAILED, TIMEOUT
   */
  public void up(Wish wish) {
    requireNotUp();
    Teardown teardown = new Teardown(names, folder);
    teardown.run();
    try {
      bringUp(wish);
    } catch (RuntimeException e) {
      teardown.run();
      throw e;
    }
  }

  /**
   * Does nothing if no process of this lab runs.
   *
   * @throws LabException with ALREADY_UP
   */
  public void requireNotUp() {
    Teardown teardown = new Teardown(names, folder);
    if (!teardown.processes(teardown.namespaces()).isEmpty()) {
      throw new LabException(
          LabException.Code.ALREADY_UP, "the lab is up already; sekisho lab down ends it");
    }
  }

  private void bringUp(Wish wish) {
    List<LabNode> nodes = IntStream.rangeClosed(1, wish.nodes()).mapToObj(LabNode::new).toList();
    createFolders(nodes);
    progress.accept("underlay with " + nodes.size() + " nodes, certificates");
    underlay.create(nodes, wish.hostLink());
    new Pki(folder.pki()).create(nodes);
    LabDescription description = new LabDescription(names.lab(), wish, List.of(), List.of());
    description.write(folder);
    progress.accept("etcd");
    etcd.start();
    progress.accept("agents");
    List<NodeAgent> agents = nodes.stream().map(this::agent).toList();
    agents.forEach(NodeAgent::start);
    List<Pod> planned = wish.shop() ? ShopPlan.pods(nodes) : List.of();
    planned.forEach(this::createNamespace);
    agents.forEach(NodeAgent::awaitHealthy);
    createWorld(wish, nodes);
    writeConsoleProfile(nodes);
    if (wish.shop()) {
      openShop(description, planned);
    }
  }

  private void createWorld(Wish wish, List<LabNode> nodes) {
    if (!wish.shop() && !wish.outside()) {
      return;
    }
    PodRanges ranges = PodRanges.of(this, nodes);
    if (wish.shop()) {
      underlay.createWorld(ShopPlan.INTERNET, ranges);
      underlay.createWorld(ShopPlan.SCANNER, ranges);
    }
    if (wish.outside()) {
      new Outside(names, underlay).create(nodes, ranges);
    }
  }

  private void openShop(LabDescription description, List<Pod> planned) {
    progress.accept(planned.size() + " pods");
    List<Pod> pods = Parallel.map(planned, pod -> cni.add(agent(pod.node()), pod));
    description.withPods(pods).write(folder);
    progress.accept("policies of the shop");
    try (AgentClient client = client("n1")) {
      client.push("the shop opens", ShopPolicies.texts(), List.of());
    }
    progress.accept("processes of the shop");
    for (ShopPlan.Planned workload : ShopPlan.workloads()) {
      List<Call> calls = ShopPlan.calls(workload.calls(), pods);
      for (Pod pod : pods) {
        if (pod.workload().equals(workload.name())) {
          run(pod, workload.listeners(), calls);
        }
      }
    }
    startWorld(ShopPlan.INTERNET, ShopPlan.calls(ShopPlan.customerCalls(), pods));
    startWorld(ShopPlan.SCANNER, ShopPlan.calls(ShopPlan.scannerCalls(), pods));
    progress.accept("up; state and logs are in " + folder.root());
  }

  /** Ends the lab and removes every trace but the logs; also after a crash, also if none is up. */
  public void down() {
    new Teardown(names, folder).run();
  }

  /**
   * Makes a pod without a process: its namespace, and its interface by the CNI plugin.
   *
   * @return with its addresses
   */
  public Pod addPod(String namespace, String name, String node, Map<String, String> labels) {
    LabDescription description = description();
    Pod planned =
        new Pod(
            namespace,
            name,
            labels.getOrDefault("app", name),
            node(node).name(),
            labels,
            List.of());
    createNamespace(planned);
    Pod pod = cni.add(agent(node), planned);
    List<Pod> pods = new ArrayList<>(description.pods());
    pods.add(pod);
    description.withPods(pods).write(folder);
    return pod;
  }

  /** Runs a process of the shop's kind in a pod. */
  public void run(Pod pod, List<Listener> listeners, List<Call> calls) {
    workloads.start(names.pod(pod.namespace(), pod.name()), pod.fileName(), listeners, calls);
  }

  /** Removes a pod: its process, its interface by the CNI plugin, its namespace. */
  public void removePod(Pod pod) {
    workloads.daemon(pod.fileName()).stop();
    cni.call("DEL", agent(pod.node()), pod, new JsonObject());
    new Ip().add("netns del " + names.pod(pod.namespace(), pod.name())).run();
    LabDescription description = description();
    description
        .withPods(
            description.pods().stream()
                .filter(other -> !other.fullName().equals(pod.fullName()))
                .toList())
        .write(folder);
  }

  /** Faults to inflict. */
  public Faults faults() {
    return new Faults(this, underlay);
  }

  /** The lab's names in the kernel. */
  public LabNames names() {
    return names;
  }

  /** Where it is on disk. */
  public LabFolder folder() {
    return folder;
  }

  /** The CNI plugin's caller. */
  public Cni cni() {
    return cni;
  }

  /** The programs that it runs. */
  public Programs programs() {
    return programs;
  }

  Etcd etcd() {
    return etcd;
  }

  Workloads workloads() {
    return workloads;
  }

  /**
   * What is up.
   *
   * @throws LabException with NOT_UP
   */
  public LabDescription description() {
    return LabDescription.read(folder)
        .orElseThrow(
            () -> new LabException(LabException.Code.NOT_UP, "no lab is up: sekisho lab up"));
  }

  /**
   * A node by name.
   *
   * @throws LabException with UNKNOWN
   */
  public LabNode node(String name) {
    return description().labNodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new LabException(
                    LabException.Code.UNKNOWN,
                    "there is no node \""
                        + name
                        + "\", there are n1 to n"
                        + description().nodes()));
  }

  /** The agent of a node by name. */
  public NodeAgent agent(String node) {
    return agent(node(node));
  }

  /**
   * A pod by {@code namespace/name}, or by its name where only one has it.
   *
   * @throws LabException with UNKNOWN
   */
  public Pod pod(String name) {
    List<Pod> found =
        description().pods().stream()
            .filter(
                pod ->
                    pod.fullName().equals(name)
                        || pod.name().equals(name)
                        || pod.fileName().equals(name))
            .toList();
    if (found.size() != 1) {
      throw new LabException(
          LabException.Code.UNKNOWN,
          "there is no pod \""
              + name
              + "\", there are "
              + description().pods().stream().map(Pod::fullName).toList());
    }
    return found.getFirst();
  }

  /** A connection to a node's agent; the caller closes it. */
  public AgentClient client(String node) {
    return new AgentClient(agent(node).socket());
  }

  /** Notes that the cluster is networked in another way; agents that start from now on do so. */
  public void reconfigure(ClusterNetwork network) {
    LabDescription description = description();
    description.withWish(description.wish().on(network)).write(folder);
  }

  private NodeAgent agent(LabNode node) {
    return new NodeAgent(node, folder, names, programs, description().wish());
  }

  private void createNamespace(Pod pod) {
    String namespace = names.pod(pod.namespace(), pod.name());
    new Ip().add("netns add " + namespace).run();
    new Ip().add("link set lo up").runIn(namespace);
  }

  private void startWorld(World world, List<Call> calls) {
    workloads.start(names.world(world.name()), "world-" + world.name(), List.of(), calls);
  }

  private void createFolders(List<LabNode> nodes) {
    try {
      for (var path : List.of(folder.logs(), folder.counters(), folder.processes())) {
        Files.createDirectories(path);
      }
      for (LabNode node : nodes) {
        SmallDisk.mount(folder.agentState(node.name()));
        FakeClock.set(folder.clock(node.name()), "0");
      }
    } catch (IOException e) {
      throw new LabException(LabException.Code.IO, "cannot write below " + folder.root(), e);
    }
  }

  private void writeConsoleProfile(List<LabNode> nodes) {
    Pki pki = new Pki(folder.pki());
    JsonArray addresses = new JsonArray();
    nodes.forEach(node -> addresses.add(node.grpcAddress()));
    JsonObject profile = new JsonObject();
    profile.addProperty("name", "shop-lab");
    profile.add("addresses", addresses);
    profile.addProperty("ca", pki.authority().toString());
    profile.addProperty("certificate", pki.certificate(Pki.OPERATOR).toString());
    profile.addProperty("key", pki.key(Pki.OPERATOR).toString());
    profile.addProperty("production", false);
    try {
      String text = new GsonBuilder().setPrettyPrinting().create().toJson(profile);
      AtomicFile.write(folder.consoleProfile(), text + "\n");
    } catch (IOException e) {
      throw new LabException(LabException.Code.IO, "cannot write the console's profile", e);
    }
  }
}
