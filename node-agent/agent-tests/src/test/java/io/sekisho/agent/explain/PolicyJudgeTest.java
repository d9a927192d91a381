package io.sekisho.agent.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import io.sekisho.agent.cluster.FileStore;
import io.sekisho.agent.revision.PolicyDocumentReader;
import io.sekisho.agent.revision.RevisionException;
import io.sekisho.agent.revision.RevisionException.Code;
import io.sekisho.agent.revision.Revisions;
import io.sekisho.api.v1.DocumentName;
import io.sekisho.api.v1.ExpectationResult;
import io.sekisho.api.v1.ExpectationResult.State;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.api.v1.PushResponse;
import io.sekisho.api.v1.RollbackRequest;
import io.sekisho.api.v1.SideVerdict.Decision;
import io.sekisho.api.v1.ValidateRequest;
import io.sekisho.policy.Enforcement;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What breaks an expectation does not come in force unless its author says so by name. */
class PolicyJudgeTest {
  @TempDir Path folder;
  private FileStore store;
  private Revisions revisions;

  @BeforeEach
  void open() {
    store = new FileStore(folder.resolve("store"));
    revisions =
        new Revisions(
            store,
            new PolicyDocumentReader(),
            new PolicyJudge(Shop::inventory, () -> Enforcement.USUAL),
            Clock.systemUTC());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private PushResponse push(long base, List<String> override, String... yaml) {
    return revisions.push(
        PushRequest.newBuilder()
            .setBase(base)
            .addAllUpsert(List.of(yaml))
            .addAllOverrideExpectations(override)
            .build(),
        "alice");
  }

  private PushResponse push(long base, String... yaml) {
    return push(base, List.of(), yaml);
  }

  private static RevisionException refused(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(RevisionException.class, call);
  }

  @Test
  void push_breaksExpectation_isRefusedWithCounterExample() {
    push(0, Shop.PAY, Shop.NO_WEB);

    var refusal = refused(() -> push(1, Shop.PAY_WIDE));

    assertEquals(Code.EXPECTATION, refusal.code());
    assertEquals(1, revisions.history(0, 0).getHead());
    ExpectationResult broken = refusal.expectations().getFirst();
    assertEquals(State.BROKEN, broken.getState());
    assertEquals("web-never-pays", broken.getName());
    assertEquals("card data", broken.getReason());
    var example = broken.getCounterExample();
    assertEquals("shop/web-1", example.getSource().getName());
    assertEquals("shop/payment-1", example.getDestination().getName());
    assertEquals(6, example.getProtocol());
    assertEquals(8443, example.getPort());
    assertEquals(Decision.NOT_ENFORCED, example.getEgress().getDecision());
    assertEquals(2, example.getIngress().getRule().getIndex());
    assertEquals(10, example.getIngress().getRule().getLine());
    assertEquals(
        "shop/web-1 to shop/payment-1 port 8443/TCP passes; going out: no policy selects the"
            + " endpoint; coming in: allowed by shop/pay:2 (NetworkPolicy, line 10)",
        example.getText());
  }

  @Test
  void push_overriddenByName_standsInTheHistory() {
    push(0, Shop.PAY, Shop.NO_WEB);

    var told = push(1, List.of("web-never-pays"), Shop.PAY_WIDE);

    assertEquals(State.OVERRIDDEN, told.getExpectations(0).getState());
    var revision = revisions.history(0, 0).getRevisions(0);
    assertEquals("alice", revision.getAuthor());
    assertEquals("web-never-pays", revision.getOverridden(0).getName());
    assertEquals("card data", revision.getOverridden(0).getReason());
    assertTrue(revision.getOverridden(0).getCounterExample().startsWith("shop/web-1 to "));
  }

  @Test
  void push_overridesWhatIsNotThere_isRefused() {
    var refusal = refused(() -> push(0, List.of("web-never-plays"), Shop.PAY));

    assertEquals(Code.NOT_FOUND, refusal.code());
  }

  @Test
  void push_overridesWhatHolds_writesNothingDown() {
    push(0, List.of("web-never-pays"), Shop.PAY, Shop.NO_WEB);

    assertEquals(0, revisions.get(0).getOverriddenCount());
  }

  @Test
  void push_brokenBeforeAndNoWorse_isTold() {
    push(0, List.of("web-never-pays"), Shop.PAY_WIDE, Shop.NO_WEB);
    String other = Shop.PAY.replace("name: pay", "name: other").replace("payment", "cart");

    var told = push(1, other);

    assertEquals(State.BROKEN_BEFORE, told.getExpectations(0).getState());
    assertTrue(told.getExpectations(0).getCounterExample().getPasses());
    assertEquals(0, revisions.get(0).getOverriddenCount());
  }

  @Test
  void push_brokenBeforeAndWorse_isRefused() {
    push(0, List.of("web-never-pays"), Shop.PAY_WIDE, Shop.NO_WEB);
    String worse = Shop.PAY_WIDE + "  - from: []\n";

    var refusal = refused(() -> push(1, worse));

    assertEquals(State.BROKEN, refusal.expectations().getFirst().getState());
    assertEquals(
        "port 0/TCP",
        "port " + refusal.expectations().getFirst().getCounterExample().getPort() + "/TCP");
  }

  @Test
  void push_repairs_holds() {
    push(0, List.of("web-never-pays"), Shop.PAY_WIDE, Shop.NO_WEB);

    assertEquals(State.HOLDS, push(1, Shop.PAY).getExpectations(0).getState());
  }

  @Test
  void push_removesThePolicyThatHolds_isRefused() {
    push(0, Shop.PAY, Shop.NO_WEB);
    var request =
        PushRequest.newBuilder()
            .setBase(1)
            .addRemove(
                DocumentName.newBuilder()
                    .setKind("NetworkPolicy")
                    .setNamespace("shop")
                    .setName("pay"))
            .build();

    assertEquals(Code.EXPECTATION, refused(() -> revisions.push(request, "bob")).code());
  }

  @Test
  void rollback_breaks_isRefusedUnlessOverridden() {
    push(0, Shop.PAY_WIDE);
    push(1, Shop.PAY, Shop.NO_WEB);
    push(2, List.of(), Shop.NO_WEB.replace("card data", "still"));
    push(3, List.of("web-never-pays"), Shop.PAY_WIDE);
    push(4, Shop.PAY);
    var back = RollbackRequest.newBuilder().setBase(5).setTo(4);

    assertEquals(Code.EXPECTATION, refused(() -> revisions.rollback(back.build(), "bob")).code());
    back.addOverrideExpectations("web-never-pays");
    revisions.rollback(back.build(), "bob");
    assertEquals("web-never-pays", revisions.get(0).getOverridden(0).getName());
  }

  @Test
  void rollback_ofWhatWaitsForConfirmation_isNotRefused() {
    push(0, List.of("web-never-pays"), Shop.PAY_WIDE, Shop.NO_WEB);
    revisions.push(
        PushRequest.newBuilder()
            .setBase(1)
            .addUpsert(Shop.PAY)
            .setConfirmWithin(Duration.newBuilder().setSeconds(600))
            .build(),
        "alice");

    var told =
        revisions.rollback(RollbackRequest.newBuilder().setBase(2).setTo(1).build(), "alice");

    assertEquals(State.BROKEN_BEFORE, told.getExpectations(0).getState());
  }

  @Test
  void validate_onTopOfHead_provesAndChangesNothing() {
    push(0, Shop.PAY, Shop.NO_WEB);

    var told = revisions.validate(ValidateRequest.newBuilder().addTexts(Shop.PAY_WIDE).build());

    assertEquals(State.BROKEN, told.getExpectations(0).getState());
    assertEquals(1, revisions.history(0, 0).getHead());
    var alone =
        revisions.validate(ValidateRequest.newBuilder().addTexts(Shop.PAY_WIDE).setBase(0).build());
    assertEquals(0, alone.getExpectationsCount());
  }

  @Test
  void validate_documentWithError_provesNothing() {
    var told =
        revisions.validate(
            ValidateRequest.newBuilder().addTexts(Shop.NO_WEB).addTexts("kind: Pod").build());

    assertEquals(0, told.getExpectationsCount());
  }

  @Test
  void validate_selectorThatSelectsNobody_warnsWhereItIsWritten() {
    String text =
        Shop.PAY
            + "---\n"
            + Shop.PAY.replace("name: pay", "name: typo").replace("app: payment", "app: paymnet");

    var told = revisions.validate(ValidateRequest.newBuilder().addTexts(text).build());

    assertEquals(1, told.getProblemsCount());
    var problem = told.getProblems(0);
    assertEquals("NetworkPolicy shop/typo", problem.getDocument());
    assertEquals(0, problem.getText());
    assertEquals(16, problem.getLine());
    assertTrue(problem.getMessage().startsWith("no endpoint is selected by"), problem::getMessage);
  }

  @Test
  void push_trap_isWarnedOfAndInForce() {
    var told = push(0, Shop.PAY.replace("app: cart", "app: cartt"));

    assertEquals(1, told.getProblemsCount());
    assertEquals(8, told.getProblems(0).getLine());
    assertEquals(1, told.getRevision().getNumber());
  }
}
