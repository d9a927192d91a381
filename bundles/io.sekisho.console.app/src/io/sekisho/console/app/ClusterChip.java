package io.sekisho.console.app;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.Clusters;
import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.Link;
import io.sekisho.console.core.kubernetes.ApiState;
import io.sekisho.console.core.kubernetes.KubernetesContext;
import io.sekisho.console.core.kubernetes.KubernetesContext.Target;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Menus;
import io.sekisho.console.ui.Paint;
import io.sekisho.console.ui.Press;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Theme;
import java.util.Optional;
import org.eclipse.jface.action.Action;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.jface.action.Separator;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.ui.IWorkbenchWindow;

/** The cluster that the window looks at, with the state of its link; opens the list of clusters. */
final class ClusterChip {
  private final Look look;
  private final IWorkbenchWindow window;
  private final Scope scope;
  private final Composite parent;
  private final Press press;

  ClusterChip(Composite parent, Look look, IWorkbenchWindow window, Scope scope) {
    this.parent = parent;
    this.look = look;
    this.window = window;
    this.scope = scope;
    press = new Press(parent, look, 120, 28, Texts.cluster_choose, this::paint, this::menu);
    show();
  }

  void show() {
    int width =
        56
            + Paint.width(parent, name(), look.fonts().bold())
            + (state().isEmpty() ? 0 : 8 + Paint.width(parent, state(), look.fonts().small()));
    GridData data = (GridData) press.control().getLayoutData();
    if (data.widthHint != width) {
      data.widthHint = width;
      parent.layout(true);
    }
    press.name(name() + (state().isEmpty() ? "" : ", " + state()));
    press.control().redraw();
  }

  private String name() {
    return scope.session().map(s -> s.profile().name()).orElse(Texts.cluster_none);
  }

  private String state() {
    return scope
        .session()
        .map(
            s ->
                switch (s.link()) {
                  case Link.Connecting c -> Texts.cluster_connecting;
                  case Link.Connected c -> connected(s.profile());
                  case Link.Disconnected d -> Texts.cluster_disconnected;
                  case Link.Refused r -> Texts.cluster_refused;
                  case Link.Closed c -> Texts.cluster_closed;
                })
        .orElse("");
  }

  private static String connected(ConnectionProfile profile) {
    String production = profile.production() ? Texts.cluster_production : "";
    boolean objects = profile.kubernetes().filter(ClusterChip::objects).isPresent();
    if (!objects) {
      return production;
    }
    return production.isEmpty()
        ? Texts.cluster_kubernetes_policies
        : production + ", " + Texts.cluster_kubernetes_policies;
  }

  private static boolean objects(KubernetesContext context) {
    return context.target() == Target.KUBERNETES;
  }

  private void paint(GC gc, int w, int h) {
    Theme t = look.theme();
    boolean production = scope.session().map(s -> s.profile().production()).orElse(false);
    Paint.round(gc, 0, 0, w, h, Theme.mix(production ? t.dropped() : t.faint(), t.panel(), 0.12));
    Link link = scope.session().map(ClusterSession::link).orElse(new Link.Closed());
    boolean up = link instanceof Link.Connected;
    boolean down = link instanceof Link.Disconnected || link instanceof Link.Refused;
    (up ? Icons.GOOD : down ? Icons.DROPPED : Icons.UNKNOWN)
        .draw(gc, 6, h / 2 - 8, up ? t.forwarded() : down ? t.error() : t.unknown());
    int x = Paint.text(gc, name(), look.fonts().bold(), t.text(), 26, h / 2);
    Paint.text(gc, state(), look.fonts().small(), t.text(), x + 8, h / 2);
    Paint.arrowDown(gc, w - 13, h / 2, t.faint());
  }

  private void menu() {
    MenuManager menu = new MenuManager();
    for (ConnectionProfile profile : Clusters.shared().profiles()) {
      boolean shown = profile.name().equals(name());
      menu.add(Menus.checked(profile.name(), shown, () -> show(profile)));
    }
    scope.session().ifPresent(s -> targets(menu, s));
    menu.add(new Separator());
    menu.add(Menus.action(Texts.cluster_connect, () -> ConnectDialog.open(window)));
    scope
        .session()
        .filter(ClusterChip::waits)
        .ifPresent(s -> menu.add(Menus.action(Texts.cluster_retry, s::retry)));
    scope
        .session()
        .ifPresent(
            s ->
                menu.add(
                    Menus.action(
                        Texts.bind(Texts.cluster_disconnect, s.profile().name()),
                        () -> disconnect(s))));
    Menus.open(menu, press.control());
  }

  /** Whether agents or API server are called again only later. */
  private static boolean waits(ClusterSession session) {
    Link link = session.link();
    return link instanceof Link.Disconnected
        || link instanceof Link.Refused
        || session.kubernetes().filter(k -> k.state() instanceof ApiState.Failed).isPresent();
  }

  /** Where policies of the cluster are put. */
  private void targets(MenuManager menu, ClusterSession session) {
    ConnectionProfile profile = session.profile();
    profile
        .kubernetes()
        .ifPresent(
            context -> {
              menu.add(new Separator());
              menu.add(target(profile, context, Target.AGENTS, Texts.target_agents));
              menu.add(target(profile, context, Target.KUBERNETES, Texts.target_kubernetes));
            });
  }

  private Action target(
      ConnectionProfile profile, KubernetesContext context, Target target, String words) {
    return Menus.checked(
        words, context.target() == target, () -> Handlers.PoliciesTo.put(window, profile, target));
  }

  private void show(ConnectionProfile profile) {
    scope.show(Optional.of(Clusters.shared().open(profile)));
  }

  private void disconnect(ClusterSession session) {
    scope.show(Optional.empty());
    Clusters.shared().close(session.profile().name());
  }
}
