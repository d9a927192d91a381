package io.sekisho.agent.reconcile;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.datapath.Datapath;
import io.sekisho.agent.datapath.Datapath.RealizeError;
import io.sekisho.agent.datapath.DesiredState;
import io.sekisho.agent.datapath.ServiceAddress;
import io.sekisho.agent.datapath.ServiceBackends;
import io.sekisho.agent.endpoint.Endpoints;
import io.sekisho.agent.endpoint.Realizer;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.identity.LocalIdentities;
import io.sekisho.agent.ipcache.Site;
import io.sekisho.agent.loop.EventLoop;
import io.sekisho.agent.loop.Pace;
import io.sekisho.agent.policy.PolicyController;
import io.sekisho.agent.policy.RuleNames;
import io.sekisho.agent.revision.Intent;
import io.sekisho.api.v1.Document;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Parsed;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.compile.PolicyCompiler;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Owns what is known (documents, inventory, local endpoints) and makes a {@link Plan} of it
 * whenever something changes; changes that come together make one plan, and plans are paced: those
 * of other documents less, since somebody waits for them. Nothing is planned before the whole
 * inventory and an intent are known, so that an agent that starts without its cluster store leaves
 * alone what an earlier one put into the kernel. Belongs to the event loop; {@link #view} may be
 * read by all.
 */
public final class Planner implements Realizer {
  private static final String COMPONENT = "planner";

  private Site site;
  private final EventLoop loop;
  private final Pace pace;
  private final Reconciler reconciler;
  private final Endpoints endpoints;
  private NodePolicy nodePolicy;
  private final LocalIdentities identities;
  private final RuleNames rules;
  private final Outcome outcome;
  private final Health health;
  private final PolicyController policy = new PolicyController();
  private final DenyLists denyLists = new DenyLists();
  private final ParsedDocuments parser = new ParsedDocuments();
  private final ResolvedDocuments resolved = new ResolvedDocuments();
  private final Peers peers = new Peers();
  private final Places places = new Places();
  private final Prefixes prefixes;
  private final Spared spared;
  private final Waiters waiters = new Waiters();
  private List<PolicyDocument> documents = List.of();
  private Optional<Intent> intent = Optional.empty();

  /** Why the newest documents are not in force. */
  private Optional<String> unreadable = Optional.empty();

  private UnaryOperator<DesiredState> additions = UnaryOperator.identity();

  /** Empty until somebody tells of them. */
  private Optional<Map<ServiceAddress, ServiceBackends>> services = Optional.empty();

  private PolicyCompiler compiler = new PolicyCompiler(List.of());
  private Enforcement enforcement;
  private Optional<Plan> last = Optional.empty();
  private Optional<Plan> applied = Optional.empty();
  private final List<CompletableFuture<Void>> settling = new ArrayList<>();
  private boolean posted;

  /** Ends the wait for the plan that was posted. */
  private Optional<EventLoop.Timer> waiting = Optional.empty();

  private volatile View view = View.EMPTY;
  private volatile long intendedRevision = -1;

  /**
   * Plans for a node.
   *
   * @param enforcement how policies are obeyed
   * @param nodePolicy what the node knows of nodes in policies
   */
  public Planner(
      Site site,
      Enforcement enforcement,
      EventLoop loop,
      Reconciler reconciler,
      Endpoints endpoints,
      NodePolicy nodePolicy,
      LocalIdentities identities,
      RuleNames rules,
      Outcome outcome,
      Health health) {
    this.site = site;
    this.enforcement = enforcement;
    this.loop = loop;
    pace = loop.pace();
    this.reconciler = reconciler;
    this.endpoints = endpoints;
    this.nodePolicy = nodePolicy;
    this.identities = identities;
    this.prefixes = new Prefixes(nodePolicy.apiServers(), identities.cidrs());
    this.spared = new Spared(nodePolicy.spared(), identities.addresses());
    this.rules = rules;
    this.outcome = outcome;
    this.health = health;
    reconciler.listen((plan, errors) -> loop.execute(() -> applied(plan, errors)));
  }

  /** Something that belongs into every desired state beside pods; on the event loop. */
  public void add(UnaryOperator<DesiredState> more) {
    loop.requireInLoop();
    additions = more;
  }

  /** New documents shall be realized; any thread. */
  public void intended(Intent next) {
    loop.execute(() -> adopt(next));
  }

  /** The cluster holds something else; any thread. */
  public void inventory(Inventory next) {
    loop.execute(
        () -> {
          view = view.with(next);
          later();
        });
  }

  /** Who answers for which service has changed; any thread. */
  public void services(Map<ServiceAddress, ServiceBackends> next) {
    loop.execute(
        () -> {
          services = Optional.of(Map.copyOf(next));
          later();
        });
  }

  /** This node has other addresses; any thread. */
  public void moved(List<InetAddress> underlay) {
    loop.execute(
        () -> {
          site = site.at(underlay);
          later();
        });
  }

  /** This node has other labels; any thread. */
  public void labelled(Collection<String> labels) {
    loop.execute(
        () -> {
          nodePolicy = nodePolicy.labelled(labels);
          later();
        });
  }

  /** Policies are obeyed otherwise from now on; on the event loop. */
  public void enforce(Enforcement next) {
    loop.requireInLoop();
    boolean recompile = next.mode() != enforcement.mode();
    enforcement = next;
    if (recompile) {
      compiler = compiler(next);
    }
    plan();
  }

  /** How policies are obeyed; on the event loop. */
  public Enforcement enforcement() {
    loop.requireInLoop();
    return enforcement;
  }

  /** The kernel may have lost something of what is realized: realizes all again; any thread. */
  public void again() {
    loop.execute(
        () -> {
          last = Optional.empty();
          later();
        });
  }

  /** The revision that shall be realized, -1 while none is known; any thread may read. */
  public long intendedRevision() {
    return intendedRevision;
  }

  /** All that is known by name now. */
  public View view() {
    return view;
  }

  /** Whether plans are made, and if not, what is waited for; on the event loop. */
  public Optional<String> waitsFor() {
    loop.requireInLoop();
    if (!view.inventory().usable()) {
      return Optional.of("the cluster's inventory is not read yet");
    }
    return intent.isPresent() ? Optional.empty() : Optional.of("the policies are not read yet");
  }

  @Override
  public <T> CompletableFuture<T> datapath(Function<Datapath, T> call) {
    return reconciler.submit(call);
  }

  @Override
  public void changed() {
    loop.requireInLoop();
    plan();
  }

  @Override
  public CompletableFuture<Void> realized(int endpointId) {
    loop.requireInLoop();
    return waiters.await(endpointId);
  }

  @Override
  public CompletableFuture<Void> settled() {
    loop.requireInLoop();
    var done = new CompletableFuture<Void>();
    if (isSettled()) {
      done.complete(null);
    } else {
      settling.add(done);
    }
    return done;
  }

  @SuppressWarnings("ReferenceEquality") // Plans are compared as the objects that were handed on.
  private boolean isSettled() {
    return !posted && last.isPresent() && applied.isPresent() && last.get() == applied.get();
  }

  /** What the plan in force was made of; empty before the first; on the event loop. */
  Optional<Known> known() {
    loop.requireInLoop();
    return intent.flatMap(
        i ->
            applied.map(
                plan ->
                    new Known(site, i, enforcement, nodePolicy.failSafe(), view, additions, plan)));
  }

  /** Whether nothing was planned or applied since a plan; on the event loop. */
  @SuppressWarnings("ReferenceEquality") // as isSettled
  boolean isInForce(Plan plan) {
    loop.requireInLoop();
    return isSettled() && applied.isPresent() && applied.get() == plan;
  }

  /** Documents were valid when they were pushed; should they not be now, nothing changes. */
  private void adopt(Intent next) {
    intendedRevision = next.revision();
    Parsed parsed = parser.parse(next.documents().stream().map(Document::getYaml).toList());
    if (parsed.hasErrors()) {
      String message = parsed.errors().getFirst().toString();
      String what = "revision " + next.revision() + " cannot be read: " + message;
      unreadable = Optional.of(what);
      health.report(COMPONENT, what);
      outcome.failed(next.revision(), message);
      return;
    }
    unreadable = Optional.empty();
    boolean same = intent.filter(before -> before.says(next)).isPresent();
    intent = Optional.of(next);
    documents = resolved.resolve(next.services(), parsed.documents());
    compiler = compiler(enforcement);
    rules.add(next.revision(), compiler);
    plan(same ? Pace.Share.TENTH : Pace.Share.HALF);
  }

  private PolicyCompiler compiler(Enforcement next) {
    return new PolicyCompiler(documents, next.mode(), nodePolicy.failSafe(), compiler);
  }

  private void later() {
    plan(Pace.Share.TENTH);
  }

  /** Makes a plan soon; sooner than one that is waited for, if somebody waits for this change. */
  private void plan(Pace.Share share) {
    if (posted && (waiting.isEmpty() || share == Pace.Share.TENTH)) {
      return;
    }
    endWait();
    posted = true;
    Duration rest = pace.rest(share);
    if (rest.isPositive()) {
      waiting = Optional.of(loop.schedule(rest, this::plan));
    } else {
      loop.execute(this::plan);
    }
  }

  private void endWait() {
    waiting.ifPresent(EventLoop.Timer::cancel);
    waiting = Optional.empty();
  }

  private void plan() {
    endWait();
    pace.run(this::planNow);
  }

  private void planNow() {
    posted = false;
    waiters.retain(endpoints.all().keySet());
    view = look();
    Optional<String> missing = waitsFor();
    if (missing.isPresent() || intent.isEmpty()) {
      String reason = unreadable.or(() -> missing).orElse("the policies are not read yet");
      health.report(COMPONENT, reason);
      return;
    }
    unreadable.ifPresentOrElse(
        reason -> health.report(COMPONENT, reason), () -> health.clear(COMPONENT));
    identities.keep();
    var tables = policy.tables(compiler, peers.of(view), Desired.labels(view));
    DesiredState state =
        additions.apply(
            Desired.state(
                    site,
                    view,
                    enforcement.audit(),
                    tables::get,
                    places.of(site, view),
                    prefilter())
                .with(services));
    var next = new Plan(intent.get().revision(), intent.get().pushedNanos(), state);
    if (!last.equals(Optional.of(next))) {
      last = Optional.of(next);
      reconciler.desire(next);
    }
    tellSettled();
  }

  private DesiredState.PrefixFilter prefilter() {
    return denyLists.of(documents, view.host().labels(), view.spared());
  }

  private View look() {
    Map<Cidr, Identity> cidrs = prefixes.of(compiler.cidrs());
    return new View(
        view.inventory(),
        endpoints.all(),
        cidrs,
        prefixes.blocks(cidrs, compiler.blocks()),
        identities.nodes().assign(nodePolicy.others(site.name(), view.inventory(), compiler)),
        nodePolicy.host(site.underlay()),
        spared.of(site, view.inventory()));
  }

  private void applied(Plan plan, List<RealizeError> errors) {
    applied = Optional.of(plan);
    outcome.applied(plan, errors);
    plan.state().endpoints().keySet().forEach(id -> waiters.applied(id, Outcome.error(id, errors)));
    tellSettled();
  }

  /** A plan that is as the one before is settled without being applied. */
  private void tellSettled() {
    if (isSettled()) {
      var done = List.copyOf(settling);
      settling.clear();
      done.forEach(d -> d.complete(null));
    }
  }
}
