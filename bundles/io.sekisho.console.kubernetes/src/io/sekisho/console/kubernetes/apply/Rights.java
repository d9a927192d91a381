package io.sekisho.console.kubernetes.apply;

import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.kubernetes.ObjectRef;
import io.sekisho.console.kubernetes.client.ObjectKind;
import io.sekisho.console.kubernetes.client.Reviews;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which permissions are missing for changes to objects; the API server is asked for each once. */
public final class Rights {
  private final Applier applier;
  private final Reviews reviews;
  private final Map<Right, Boolean> asked = new HashMap<>();

  /** A permission that was asked for; the name is empty for all objects of a namespace. */
  private record Right(String verb, ObjectKind kind, String namespace, String name) {}

  /** Nothing is asked yet. */
  public Rights(Applier applier, Reviews reviews) {
    this.applier = applier;
    this.reviews = reviews;
  }

  /**
   * Why we may not do all of it; empty if we may.
   *
   * @param texts documents; what is none is left out
   * @param removed objects that shall go
   * @param there objects that need not be created
   */
  public Optional<String> refusal(
      List<String> texts, List<ObjectRef> removed, Collection<ObjectRef> there) {
    Map<String, Set<String>> refused = new LinkedHashMap<>();
    for (String text : texts) {
      wanted(text)
          .ifPresent(
              wanted -> {
                check("patch", wanted.kind(), wanted.ref(), refused);
                if (!there.contains(wanted.ref())) {
                  check("create", wanted.kind(), wanted.ref(), refused);
                }
              });
    }
    for (ObjectRef ref : removed) {
      Applier.kind(ref).ifPresent(kind -> check("delete", kind, ref, refused));
    }
    List<String> sentences =
        refused.entrySet().stream().map(e -> sentence(e.getKey(), e.getValue())).toList();
    return Optional.of(String.join("\n", sentences)).filter(s -> !s.isEmpty());
  }

  private Optional<Applier.Wanted> wanted(String text) {
    try {
      return Optional.of(applier.wanted(text));
    } catch (ConsoleException e) {
      return Optional.empty();
    }
  }

  private void check(
      String verb, ObjectKind kind, ObjectRef ref, Map<String, Set<String>> refused) {
    if (!may(new Right(verb, kind, ref.namespace(), ""))
        && !may(new Right(verb, kind, ref.namespace(), ref.name()))) {
      String group = kind.group().isEmpty() ? "" : " (" + kind.group() + ")";
      String permission = verb + " " + kind.plural() + group;
      refused.computeIfAbsent(permission, p -> new TreeSet<>()).add(ref.namespace());
    }
  }

  private boolean may(Right right) {
    return asked.computeIfAbsent(
        right, r -> reviews.may(r.verb(), r.kind(), r.namespace(), r.name()));
  }

  private static String sentence(String permission, Set<String> namespaces) {
    String where = String.join(", ", namespaces);
    return "You may not " + permission + (where.isEmpty() ? "." : " in " + where + ".");
  }
}
