package io.sekisho.console.kubernetes.apply;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.kubernetes.ObjectRef;
import io.sekisho.console.core.kubernetes.Plan;
import io.sekisho.console.core.kubernetes.Plan.Change;
import io.sekisho.console.core.kubernetes.Plan.Conflict;
import io.sekisho.console.core.kubernetes.Plan.Step;
import io.sekisho.console.kubernetes.client.ApiClient;
import io.sekisho.console.kubernetes.client.ObjectKind;
import io.sekisho.console.kubernetes.client.Refusals;
import io.sekisho.policy.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts documents into the API server by server-side apply under one field manager. A plan is a dry
 * run at the server, with its own checks; what is applied is bound to the version that was planned.
 */
public final class Applier {
  /** The name under which fields are ours. */
  public static final String MANAGER = "sekisho-console";

  private static final Pattern MANAGER_OF = Pattern.compile("conflict with \"([^\"]+)\"");

  private final ApiClient api;

  /** Applies through a client. */
  public Applier(ApiClient api) {
    this.api = api;
  }

  /** What applying would do; one dry run for each object. */
  public Plan plan(List<String> texts, List<ObjectRef> removed) {
    List<Step> steps = new ArrayList<>();
    texts.forEach(text -> steps.add(planned(text)));
    removed.forEach(ref -> steps.add(going(ref)));
    return new Plan(steps);
  }

  /** The object of a document. */
  record Wanted(ObjectKind kind, ObjectRef ref, GenericKubernetesResource object) {}

  /**
   * Reads a document.
   *
   * @throws ConsoleException with INVALID if it is none for an API server
   */
  Wanted wanted(String text) {
    GenericKubernetesResource object;
    try {
      object = Serialization.unmarshal(text, GenericKubernetesResource.class);
    } catch (RuntimeException e) {
      throw invalid("The text is not YAML of an object.");
    }
    if (object == null || object.getKind() == null || object.getApiVersion() == null) {
      throw invalid("The text has no kind and apiVersion.");
    }
    ObjectKind kind = kind(object.getKind(), object.getApiVersion());
    if (object.getMetadata() == null || object.getMetadata().getName() == null) {
      throw invalid("The " + object.getKind() + " has no name.");
    }
    String namespace = kind.namespaced() ? namespace(object) : "";
    ObjectRef ref = new ObjectRef(object.getKind(), namespace, object.getMetadata().getName());
    return new Wanted(kind, ref, object);
  }

  private static String namespace(GenericKubernetesResource object) {
    String namespace = object.getMetadata().getNamespace();
    if (namespace == null || namespace.isEmpty()) {
      object.getMetadata().setNamespace("default");
      return "default";
    }
    return namespace;
  }

  private static ConsoleException invalid(String sentence) {
    return new ConsoleException(ConsoleException.Code.INVALID, sentence, null);
  }

  /** What the API server calls a kind of documents. */
  static Optional<ObjectKind> kind(ObjectRef ref) {
    return Kind.of(ref.kind()).flatMap(k -> ObjectKind.of(k).stream().findFirst());
  }

  private static ObjectKind kind(String word, String apiVersion) {
    Kind kind =
        ObjectKind.policies().stream()
            .filter(k -> k.text().equals(word))
            .findFirst()
            .orElseThrow(
                () -> invalid(word + " is not a kind for Kubernetes: push it to the agents."));
    return ObjectKind.of(kind).stream()
        .filter(k -> k.apiVersion().equals(apiVersion))
        .findFirst()
        .orElseThrow(() -> invalid(word + " has no version " + apiVersion + "."));
  }

  private Step planned(String text) {
    try {
      Wanted wanted = wanted(text);
      return planned(text, wanted);
    } catch (ConsoleException e) {
      return refused(new ObjectRef("", "", "?"), text, e.getMessage());
    }
  }

  private Step planned(String text, Wanted wanted) {
    String what = wanted.ref().kind() + " " + wanted.ref().title();
    try {
      GenericKubernetesResource live =
          api.object(wanted.kind(), wanted.ref().namespace(), wanted.ref().name()).get();
      Dry dry = dry(wanted, text);
      String before = live == null ? "" : ObjectYaml.of(live);
      String after = ObjectYaml.of(dry.after());
      Change change =
          live == null ? Change.CREATE : before.equals(after) ? Change.SAME : Change.CHANGE;
      String version = live == null ? "" : live.getMetadata().getResourceVersion();
      return new Step(
          wanted.ref(), change, version, text, before, after, dry.conflicts(), Optional.empty());
    } catch (RuntimeException e) {
      return refused(wanted.ref(), text, Refusals.of(what, e).getMessage());
    }
  }

  private static Step refused(ObjectRef ref, String text, String why) {
    return new Step(ref, Change.CHANGE, "", text, "", "", List.of(), Optional.of(why));
  }

  private record Dry(GenericKubernetesResource after, List<Conflict> conflicts) {}

  /** Where fields are somebody else's the picture is what taking them over would make. */
  private Dry dry(Wanted wanted, String text) {
    try {
      return new Dry(patch(wanted, "", true, false), List.of());
    } catch (KubernetesClientException e) {
      List<Conflict> conflicts = conflicts(e);
      if (conflicts.isEmpty()) {
        throw e;
      }
      return new Dry(patch(wanted(text), "", true, true), conflicts);
    }
  }

  private static List<Conflict> conflicts(KubernetesClientException e) {
    List<Conflict> out = new ArrayList<>();
    if (e.getCode() != 409 || e.getStatus() == null || e.getStatus().getDetails() == null) {
      return out;
    }
    for (StatusCause cause :
        Optional.ofNullable(e.getStatus().getDetails().getCauses()).orElse(List.of())) {
      if ("FieldManagerConflict".equals(cause.getReason())) {
        Matcher name = MANAGER_OF.matcher(String.valueOf(cause.getMessage()));
        out.add(new Conflict(name.find() ? name.group(1) : "?", String.valueOf(cause.getField())));
      }
    }
    return out;
  }

  private GenericKubernetesResource patch(
      Wanted wanted, String version, boolean dryRun, boolean force) {
    GenericKubernetesResource object = wanted.object();
    object.getMetadata().setResourceVersion(version.isEmpty() ? null : version);
    object.getMetadata().setManagedFields(null);
    PatchContext.Builder how =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(MANAGER)
            .withFieldValidation("Strict")
            .withForce(force);
    if (dryRun) {
      how.withDryRun(List.of("All"));
    }
    return api.given(wanted.kind(), wanted.ref().namespace(), object).patch(how.build());
  }

  private Step going(ObjectRef ref) {
    try {
      Resource<GenericKubernetesResource> at = at(ref);
      GenericKubernetesResource live = at.get();
      if (live == null) {
        return new Step(ref, Change.SAME, "", "", "", "", List.of(), Optional.empty());
      }
      at.dryRun().delete();
      return new Step(
          ref,
          Change.REMOVE,
          live.getMetadata().getResourceVersion(),
          "",
          ObjectYaml.of(live),
          "",
          List.of(),
          Optional.empty());
    } catch (RuntimeException e) {
      String what = "Removing " + ref.kind() + " " + ref.title();
      return new Step(
          ref,
          Change.REMOVE,
          "",
          "",
          "",
          "",
          List.of(),
          Optional.of(Refusals.of(what, e).getMessage()));
    }
  }

  private Resource<GenericKubernetesResource> at(ObjectRef ref) {
    Kind kind = Kind.of(ref.kind()).orElseThrow(() -> invalid(ref.kind() + " is not known."));
    List<ObjectKind> versions = ObjectKind.of(kind);
    ObjectKind there = versions.stream().filter(api::has).findFirst().orElse(versions.getFirst());
    return api.object(there, ref.namespace(), ref.name());
  }

  /**
   * Does the steps of a plan; those that were not done, with why. What the plan refused is left
   * out, and only fields are taken over that it has shown as somebody's.
   */
  public List<Step> apply(Plan plan, boolean force, Consumer<Step> done) {
    List<Step> failed = new ArrayList<>();
    for (Step step : plan.steps()) {
      Step outcome = done(step, force);
      if (outcome.error().isPresent()) {
        failed.add(outcome);
      }
      done.accept(outcome);
    }
    return failed;
  }

  private Step done(Step step, boolean force) {
    if (step.error().isPresent()) {
      return step;
    }
    boolean takeOver = force && !step.conflicts().isEmpty();
    String what =
        (step.change() == Change.REMOVE ? "Removing " : "")
            + step.ref().kind()
            + " "
            + step.ref().title();
    try {
      switch (step.change()) {
        case SAME -> {}
        case REMOVE -> at(step.ref()).lockResourceVersion(step.version()).delete();
        case CREATE, CHANGE -> patch(wanted(step.text()), step.version(), false, takeOver);
      }
      return with(step, step.conflicts(), Optional.empty());
    } catch (KubernetesClientException e) {
      return with(step, conflicts(e), Optional.of(Refusals.of(what, e).getMessage()));
    } catch (RuntimeException e) {
      return with(step, List.of(), Optional.of(Refusals.of(what, e).getMessage()));
    }
  }

  private static Step with(Step step, List<Conflict> conflicts, Optional<String> error) {
    return new Step(
        step.ref(),
        step.change(),
        step.version(),
        step.text(),
        step.live(),
        step.after(),
        conflicts,
        error);
  }
}
