package io.sekisho.agent.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.sekisho.agent.cluster.FileStore;
import io.sekisho.agent.pki.Authority;
import io.sekisho.agent.pki.Role;
import io.sekisho.agent.revision.OtherDocuments;
import io.sekisho.agent.revision.RevisionsTest;
import io.sekisho.api.v1.BesideRequest;
import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.DocumentName;
import io.sekisho.api.v1.EndQuery;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.ExpectationResult.State;
import io.sekisho.api.v1.PoliciesGrpc;
import io.sekisho.api.v1.PolicyChangesRequest;
import io.sekisho.api.v1.PolicySet;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.api.v1.ReachRequest;
import io.sekisho.api.v1.RevisionsGrpc;
import io.sekisho.api.v1.Severity;
import io.sekisho.api.v1.TracePolicyRequest;
import io.sekisho.api.v1.ValidateRequest;
import io.sekisho.api.v1.ValidateResponse;
import io.sekisho.policy.ServiceCatalog;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Expectations and questions over the wire, and documents that are too much for it. */
final class PoliciesServiceTest {
  private static final String EXPECTATION =
      """
      apiVersion: sekisho.io/v1
      kind: Expectation
      metadata: {name: closed}
      spec:
        expect: deny
        from: [{namespace: shop, podSelector: {matchLabels: {app: web}}}]
        to: [{namespace: shop, podSelector: {matchLabels: {app: payment}}}]
      """;

  @TempDir Path folder;
  private TestAgent agent;

  @BeforeEach
  void open() throws Exception {
    Path pki = folder.resolve("pki");
    var authority = new Authority(pki, Clock.systemUTC());
    authority.init();
    authority.node("n1", List.of("127.0.0.1"));
    authority.operator("vera", Role.VIEWER);
    var store = new FileStore(folder.resolve("store"));
    agent = new TestAgent("n1", folder, pki, store, Clock.systemUTC());
    int id = 1;
    for (String app : List.of("cart", "web", "payment")) {
      agent.cluster.publish(endpoint(id++, app));
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (agent.cluster.inventory().endpoints().size() < 3) {
      assertTrue(System.nanoTime() < end, "the endpoints do not come");
      Thread.onSpinWait();
    }
  }

  private static Endpoint endpoint(int id, String app) {
    return Endpoint.newBuilder()
        .setId(id)
        .setNode("n1")
        .setNamespace("shop")
        .setPod(app)
        .setIdentity(300 + id)
        .addLabels("k8s:io.kubernetes.pod.namespace=shop")
        .addLabels("k8s:app=" + app)
        .build();
  }

  @AfterEach
  void close() {
    agent.close();
  }

  private RevisionsGrpc.RevisionsBlockingStub revisions() {
    return RevisionsGrpc.newBlockingStub(agent.root());
  }

  private PoliciesGrpc.PoliciesBlockingStub policies() {
    return PoliciesGrpc.newBlockingStub(agent.as("vera"));
  }

  private static EndQuery pod(String name) {
    return EndQuery.newBuilder().setPod(name).build();
  }

  private static PushRequest.Builder push(String... texts) {
    return PushRequest.newBuilder().addAllUpsert(List.of(texts));
  }

  private static StatusRuntimeException refused(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(StatusRuntimeException.class, call);
  }

  @Test
  void push_breaksExpectation_isFailedPreconditionWithDetails() throws Exception {
    revisions().push(push(RevisionsTest.policy("a", 80), EXPECTATION).build());
    String wide = RevisionsTest.policy("a", 80) + "    - fromEntities: [cluster]\n";

    var error = refused(() -> revisions().push(push(wide).setBase(1).build()));

    assertEquals(Status.Code.FAILED_PRECONDITION, error.getStatus().getCode());
    var details =
        StatusProto.fromThrowable(error).getDetailsList().getFirst().unpack(ValidateResponse.class);
    var broken = details.getExpectations(0);
    assertEquals(State.BROKEN, broken.getState());
    assertEquals("shop/web", broken.getCounterExample().getSource().getName());
    assertEquals(2, broken.getCounterExample().getIngress().getRule().getIndex());
    var pushed = revisions().push(push(wide).setBase(1).addOverrideExpectations("closed").build());
    assertEquals("closed", pushed.getRevision().getOverridden(0).getName());
  }

  @Test
  void beside_viewer_isTheObjectsText() {
    Document object =
        Document.newBuilder()
            .setKind("NetworkPolicy")
            .setNamespace("shop")
            .setName("guard")
            .setYaml("kind: NetworkPolicy\n")
            .build();
    agent.revisions.beside(
        new OtherDocuments() {
          @Override
          public Optional<String> owner(io.sekisho.policy.DocumentName name) {
            return Optional.empty();
          }

          @Override
          public List<Document> documents() {
            return List.of(object);
          }

          @Override
          public ServiceCatalog services() {
            return ServiceCatalog.EMPTY;
          }
        });
    var name = DocumentName.newBuilder().setNamespace("shop").setName("guard");
    assertEquals(object, policies().beside(request(name)));
    assertEquals(object, policies().beside(request(name.setKind("NetworkPolicy"))));
    assertEquals(
        Status.Code.NOT_FOUND,
        refused(() -> policies().beside(request(name.setKind("CiliumNetworkPolicy"))))
            .getStatus()
            .getCode());
  }

  private static BesideRequest request(DocumentName.Builder name) {
    return BesideRequest.newBuilder().setName(name).build();
  }

  @Test
  void questions_viewer_areAnswered() {
    revisions().push(push(RevisionsTest.policy("a", 80)).build());

    var trace =
        policies()
            .trace(
                TracePolicyRequest.newBuilder()
                    .setSource(pod("shop/cart"))
                    .setDestination(pod("shop/payment"))
                    .setPort(80)
                    .build());
    assertTrue(trace.getTraces(0).getPasses());
    var reach = policies().reach(ReachRequest.newBuilder().setWho(pod("shop/payment")).build());
    assertTrue(
        reach.getGroupsList().stream().anyMatch(g -> g.getPeer().getName().equals("shop/cart")));
    var changes =
        policies()
            .changes(
                PolicyChangesRequest.newBuilder()
                    .setBefore(PolicySet.newBuilder().setRevision(0))
                    .build());
    assertTrue(changes.getClosedPairs() > 0);
  }

  @Test
  void questions_unknownOrUnclear_haveTheirCodes() {
    var request = TracePolicyRequest.newBuilder().setDestination(pod("shop/cart")).setPort(1);

    assertEquals(
        Status.Code.NOT_FOUND,
        refused(() -> policies().trace(request.setSource(pod("shop/none")).build()))
            .getStatus()
            .getCode());
    assertEquals(
        Status.Code.INVALID_ARGUMENT,
        refused(() -> policies().trace(request.clearSource().build())).getStatus().getCode());
    var draft = PolicySet.newBuilder().addUpsert("kind: Pod");
    var broken =
        refused(
            () -> policies().trace(request.setSource(pod("shop/web")).setDocuments(draft).build()));
    assertEquals(Status.Code.INVALID_ARGUMENT, broken.getStatus().getCode());
    assertEquals(1, StatusProto.fromThrowable(broken).getDetailsCount());
  }

  @Test
  void validateAndPush_largerThanAMessage_sayTheLimit() {
    String huge = "# " + "x".repeat(RpcConfig.MAX_MESSAGE_BYTES);
    var validate = ValidateRequest.newBuilder().addTexts(huge).build();

    for (var error :
        List.of(
            refused(() -> revisions().validate(validate)),
            refused(() -> revisions().push(push(huge).build())),
            refused(() -> RevisionsGrpc.newBlockingStub(agent.as("vera")).validate(validate)))) {
      assertEquals(Status.Code.RESOURCE_EXHAUSTED, error.getStatus().getCode());
      assertTrue(
          error.getStatus().getDescription().contains("" + RpcConfig.MAX_MESSAGE_BYTES),
          error.getStatus().toString());
    }
    assertEquals(0, revisions().validate(ValidateRequest.getDefaultInstance()).getProblemsCount());
  }

  @Test
  void validateAndPush_malformed_sayTheProblem() {
    String bomb =
        "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
            + "b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
            + "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
            + "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
            + "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"
            + "f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n";
    for (String text :
        List.of(
            "",
            "\u0000",
            "[".repeat(100_000),
            "{a: ".repeat(50_000),
            "# " + "x".repeat(3 << 20),
            "kind: NetworkPolicy\nkind: NetworkPolicy\n",
            bomb,
            "&a [*a]")) {
      var validated = revisions().validate(ValidateRequest.newBuilder().addTexts(text).build());
      assertTrue(
          validated.getProblemsList().stream().anyMatch(p -> p.getSeverity() == Severity.ERROR));
      var error = refused(() -> revisions().push(push(text).build()));
      assertEquals(Status.Code.INVALID_ARGUMENT, error.getStatus().getCode());
    }
  }
}
