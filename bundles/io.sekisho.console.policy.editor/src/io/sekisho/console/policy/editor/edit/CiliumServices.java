package io.sekisho.console.policy.editor.edit;

import io.sekisho.console.policy.editor.model.EditException;
import io.sekisho.console.policy.editor.model.PeerForm;
import io.sekisho.console.policy.editor.yaml.Value;
import io.sekisho.console.policy.editor.yaml.Value.Fields;
import java.util.List;
import java.util.Optional;

/** Items of Cilium's {@code toServices}: {@code k8sService} or {@code k8sServiceSelector}. */
final class CiliumServices {
  private static final String NAMED = "k8sService";
  private static final String SELECTED = "k8sServiceSelector";
  private static final String NAME = "serviceName";
  private static final String NAMESPACE = "namespace";
  private static final String SELECTOR = "selector";

  private CiliumServices() {}

  static PeerForm read(Fields item) {
    Optional<Fields> named = item.map(NAMED);
    if (named.isPresent()) {
      return new PeerForm.Service(named.get().text(NAMESPACE), named.get().text(NAME), List.of());
    }
    Fields selected = item.map(SELECTED).orElse(Fields.NONE);
    return selected
        .map(SELECTOR)
        .map(LabelSelector.CILIUM::read)
        .filter(conditions -> !conditions.isEmpty())
        .<PeerForm>map(c -> new PeerForm.Service(selected.text(NAMESPACE), "", c))
        .orElseGet(() -> new PeerForm.Other("Services"));
  }

  static Fields write(Fields old, PeerForm.Service service) throws EditException {
    if (service.name().isEmpty()) {
      Fields was = old.map(SELECTED).orElse(Fields.NONE);
      Fields labels = was.map(SELECTOR).orElse(Fields.NONE);
      return old.with(
          SELECTED, was.with(SELECTOR, LabelSelector.CILIUM.write(labels, service.conditions())));
    }
    Fields named = old.map(NAMED).orElse(Fields.NONE).with(NAME, Value.text(service.name()));
    return old.with(
        NAMED,
        service.namespace().isEmpty()
            ? named.without(NAMESPACE)
            : named.with(NAMESPACE, Value.text(service.namespace())));
  }
}
