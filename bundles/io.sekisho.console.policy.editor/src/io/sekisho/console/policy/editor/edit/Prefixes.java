package io.sekisho.console.policy.editor.edit;

import io.sekisho.console.policy.editor.model.PeerForm;
import io.sekisho.console.policy.editor.yaml.Value;
import io.sekisho.console.policy.editor.yaml.Value.Fields;
import io.sekisho.console.policy.editor.yaml.Value.Items;
import io.sekisho.console.policy.editor.yaml.Value.Scalar;
import java.util.List;

/** {@code cidr} with {@code except}, as CIDR sets and IP blocks write it. */
final class Prefixes {
  private Prefixes() {}

  static PeerForm.Prefix read(Fields set) {
    List<String> except =
        set.list("except").stream()
            .filter(Scalar.class::isInstance)
            .map(v -> ((Scalar) v).text())
            .toList();
    return new PeerForm.Prefix(set.text("cidr"), except);
  }

  static Fields write(Fields old, PeerForm.Prefix prefix) {
    Fields next = old.with("cidr", Value.text(prefix.cidr()));
    return prefix.except().isEmpty()
        ? next.without("except")
        : next.with("except", new Items(prefix.except().stream().<Value>map(Value::text).toList()));
  }
}
