package io.sekisho.agent.reconcile;

import io.sekisho.agent.datapath.DesiredState;
import io.sekisho.agent.ipcache.Site;
import io.sekisho.agent.revision.Intent;
import io.sekisho.api.v1.Document;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.Labels;
import io.sekisho.policy.compile.FailSafe;
import io.sekisho.policy.compile.PeerIndex;
import io.sekisho.policy.compile.PolicyCompiler;
import io.sekisho.policy.compile.PolicyTable;
import java.util.HashMap;
import java.util.function.UnaryOperator;

/**
 * All that the plan which is in force was made of; immutable.
 *
 * @param site this node
 * @param intent the documents
 * @param enforcement how they are obeyed
 * @param failSafe what of the node's own traffic passes whatever they say
 * @param view what is known by name
 * @param additions what belongs into every state; for the event loop
 * @param plan the plan, that the datapath has applied
 */
record Known(
    Site site,
    Intent intent,
    Enforcement enforcement,
    FailSafe failSafe,
    View view,
    UnaryOperator<DesiredState> additions,
    Plan plan) {

  /**
   * What the datapath should do, without additions: from the documents' texts, with nothing
   * remembered; on any thread.
   */
  DesiredState expected() {
    var texts = intent.documents().stream().map(Document::getYaml).toList();
    var documents = intent.services().resolve(Documents.parse(texts).documents());
    var compiler = new PolicyCompiler(documents, enforcement.mode(), failSafe);
    var index = PeerIndex.of(Desired.peers(view));
    var tables = new HashMap<Labels, PolicyTable>();
    for (Labels labels : Desired.labels(view)) {
      tables.put(labels, compiler.compile(labels, index));
    }
    return Desired.state(
            site,
            view,
            enforcement.audit(),
            tables::get,
            Desired.ipcache(site, view),
            new DenyLists().of(documents, view.host().labels(), view.spared()))
        .with(plan.state().services());
  }
}
