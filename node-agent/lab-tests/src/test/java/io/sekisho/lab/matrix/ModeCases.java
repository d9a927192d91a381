package io.sekisho.lab.matrix;

import static io.sekisho.lab.matrix.Draft.ccnp;
import static io.sekisho.lab.matrix.Draft.cnp;
import static io.sekisho.lab.matrix.Draft.np;
import static io.sekisho.lab.matrix.Links.from;
import static io.sekisho.lab.matrix.Links.only;
import static io.sekisho.lab.matrix.Links.to;

import io.sekisho.policy.Enforcement;
import io.sekisho.policy.EnforcementMode;
import java.util.List;

/** How the cluster obeys its policies: never, always, and under audit. */
final class ModeCases {
  private static final Enforcement NEVER = new Enforcement(EnforcementMode.NEVER, false);
  private static final Enforcement ALWAYS = new Enforcement(EnforcementMode.ALWAYS, false);
  private static final Enforcement AUDIT = new Enforcement(EnforcementMode.DEFAULT, true);
  private static final Enforcement BOTH = new Enforcement(EnforcementMode.ALWAYS, true);

  private static final String CLOSED =
      np("x/closed", "{podSelector: {}, policyTypes: [Ingress, Egress]}");
  private static final String DENIED =
      ccnp("denied", "{endpointSelector: {}, egressDeny: [{toEntities: [all]}]}");
  private static final String IN_X =
      cnp(
          "x/in-x",
          "{endpointSelector: {}, ingress: [{fromEndpoints: [{}]}], egress: [{toEndpoints:"
              + " [{}]}]}");

  private ModeCases() {}

  static List<Case> all() {
    Links ofX = to("x/*").or(from("x/*"));
    Links closed = only(ofX, Links.NONE);
    return List.of(
        new Case("never: a closed namespace is open", Links.ALL, NEVER, CLOSED),
        new Case("never: a denial denies nothing", Links.ALL, NEVER, DENIED),
        new Case("always: nothing without an allow", Links.NONE, ALWAYS, CLOSED),
        new Case("always: what both ends allow", from("x/*").and(to("x/*")), ALWAYS, IN_X),
        new Case(
            "always: everything allowed",
            Links.ALL,
            ALWAYS,
            ccnp(
                "open",
                "{endpointSelector: {}, ingress: [{fromEntities: [all]}],"
                    + " egress: [{toEntities: [all]}]}")),
        new Case("audit: a closed namespace passes", Links.ALL, AUDIT, CLOSED).auditing(ofX),
        new Case("audit: a denial passes", Links.ALL, AUDIT, DENIED).auditing(from("*/*")),
        new Case("always under audit: nothing allowed, all passes", Links.ALL, BOTH, CLOSED)
            .auditing(Links.ALL),
        new Case("default again: the namespace is closed", closed, CLOSED));
  }
}
