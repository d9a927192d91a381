package io.sekisho.console.app;

import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.kubernetes.Deed;
import io.sekisho.console.core.kubernetes.KubernetesContext;
import io.sekisho.console.core.kubernetes.KubernetesContext.Reach;
import io.sekisho.console.core.kubernetes.KubernetesContext.Target;
import io.sekisho.console.kubernetes.KubernetesTest;
import io.sekisho.console.kubernetes.KubernetesTest.Report;
import io.sekisho.console.kubernetes.config.KubeContext;
import io.sekisho.console.kubernetes.config.Kubeconfigs;
import io.sekisho.console.ui.Background;
import io.sekisho.console.ui.Look;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.layout.RowLayout;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.FileDialog;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;
import org.eclipse.swt.widgets.Text;

/**
 * A cluster by a context of the operator's kubeconfigs. Files are read, and plugins run, off the UI
 * thread; what a test finds forbidden is greyed with the permission that is missing.
 */
final class KubernetesPage implements ConnectPage {
  private final List<Path> files;
  private Optional<Kubeconfigs> read = Optional.empty();
  private Optional<Fields> fields = Optional.empty();
  private Optional<Report> report = Optional.empty();
  private Runnable changed = () -> {};

  private record Fields(
      Table contexts,
      Label broken,
      Text name,
      Text namespace,
      Text secret,
      Button forward,
      Button direct,
      Button toAgents,
      Button toKubernetes,
      Button production) {}

  KubernetesPage(List<Path> files) {
    this.files = new ArrayList<>(files);
  }

  @Override
  public String title() {
    return Texts.connect_by_kubernetes;
  }

  @Override
  public String message() {
    return Texts.connect_kubernetes_message;
  }

  @Override
  public Control create(Composite parent, Runnable onChange) {
    changed = onChange;
    Composite area = new Composite(parent, SWT.NONE);
    GridLayout layout = new GridLayout(2, false);
    layout.marginWidth = 12;
    layout.marginHeight = 12;
    layout.horizontalSpacing = 8;
    layout.verticalSpacing = 8;
    area.setLayout(layout);
    Table contexts = KubeContextTable.create(area);
    contexts.addListener(SWT.Selection, e -> chosen());
    Label broken = new Label(area, SWT.WRAP);
    GridData wide = new GridData(SWT.FILL, SWT.TOP, true, false, 2, 1);
    wide.widthHint = 560;
    broken.setLayoutData(wide);
    broken.setForeground(Look.of(area.getDisplay()).theme().error());
    new Label(area, SWT.NONE);
    Button add = new Button(area, SWT.PUSH);
    add.setText(Texts.connect_add_file);
    add.addListener(SWT.Selection, e -> addFile(add));
    Text name = text(area, Texts.connect_name, "");
    Text namespace = text(area, Texts.connect_namespace, KubernetesContext.USUAL_NAMESPACE);
    Text secret = text(area, Texts.connect_secret, KubernetesContext.USUAL_SECRET);
    Composite reach = choice(area, Texts.connect_reach);
    Button forward = radio(reach, Texts.connect_forward, true);
    Button direct = radio(reach, Texts.connect_direct, false);
    Composite target = choice(area, Texts.connect_policies);
    Button toAgents = radio(target, Texts.connect_to_agents, true);
    Button toKubernetes = radio(target, Texts.connect_to_kubernetes, false);
    new Label(area, SWT.NONE);
    Button production = new Button(area, SWT.CHECK);
    production.setText(Texts.connect_production);
    fields =
        Optional.of(
            new Fields(
                contexts,
                broken,
                name,
                namespace,
                secret,
                forward,
                direct,
                toAgents,
                toKubernetes,
                production));
    load();
    return area;
  }

  private Text text(Composite area, String label, String value) {
    new Label(area, SWT.NONE).setText(label);
    Text text = new Text(area, SWT.BORDER);
    text.setText(value);
    text.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
    text.addListener(SWT.Modify, e -> changed.run());
    return text;
  }

  private static Composite choice(Composite area, String label) {
    new Label(area, SWT.NONE).setText(label);
    Composite row = new Composite(area, SWT.NONE);
    RowLayout layout = new RowLayout();
    layout.marginLeft = 0;
    layout.spacing = 12;
    row.setLayout(layout);
    return row;
  }

  private Button radio(Composite row, String label, boolean on) {
    Button button = new Button(row, SWT.RADIO);
    button.setText(label);
    button.setSelection(on);
    button.addListener(SWT.Selection, e -> changed.run());
    return button;
  }

  private void addFile(Button owner) {
    FileDialog dialog = new FileDialog(owner.getShell(), SWT.OPEN);
    dialog.setText(Texts.connect_add_file);
    String chosen = dialog.open();
    if (chosen != null) {
      files.add(Path.of(chosen));
      load();
    }
  }

  /** Reads the files; home folders may be far away. */
  private void load() {
    Fields f = fields.orElseThrow();
    List<Path> now = List.copyOf(files);
    Background.onUiIfDone(
        CompletableFuture.supplyAsync(() -> Kubeconfigs.read(now)), f.contexts(), this::show);
  }

  private void show(Kubeconfigs kubeconfigs) {
    Fields f = fields.orElseThrow();
    read = Optional.of(kubeconfigs);
    KubeContextTable.fill(f.contexts(), kubeconfigs.contexts());
    f.broken().setText(String.join("\n", kubeconfigs.broken().values()).replace("&", "&&"));
    ((GridData) f.broken().getLayoutData()).exclude = kubeconfigs.broken().isEmpty();
    f.broken().setVisible(!kubeconfigs.broken().isEmpty());
    f.contexts().getParent().layout(true, true);
    chosen();
  }

  private Optional<KubeContext> context() {
    return fields
        .map(Fields::contexts)
        .filter(t -> t.getSelectionCount() == 1)
        .map(t -> t.getSelection()[0])
        .map(TableItem::getData)
        .map(KubeContext.class::cast);
  }

  private void chosen() {
    Fields f = fields.orElseThrow();
    context().ifPresent(c -> f.name().setText(c.name()));
    report = Optional.empty();
    grey(f);
    changed.run();
  }

  @Override
  public Optional<ConnectionProfile> profile() {
    return fields.flatMap(
        f ->
            context()
                .filter(KubeContext::usable)
                .filter(c -> !f.name().getText().isBlank() && !f.namespace().getText().isBlank())
                .map(c -> profile(f, c)));
  }

  private ConnectionProfile profile(Fields f, KubeContext c) {
    KubernetesContext context =
        new KubernetesContext(
            files,
            c.name(),
            f.namespace().getText().strip(),
            f.secret().getText().strip(),
            KubernetesContext.USUAL_SERVER_NAME,
            f.direct().getSelection() ? Reach.DIRECT : Reach.PORT_FORWARD,
            f.toKubernetes().getSelection() ? Target.KUBERNETES : Target.AGENTS);
    return ConnectionProfile.kubernetes(
        f.name().getText().strip(), f.production().getSelection(), context);
  }

  @Override
  public String problem() {
    if (read.isPresent() && read.get().contexts().isEmpty()) {
      return Texts.connect_no_contexts;
    }
    return context().map(KubeContext::problem).orElse("");
  }

  @Override
  public CompletableFuture<String> test(ConnectionProfile profile, Consumer<String> progress) {
    CompletableFuture<Report> call = KubernetesTest.run(profile, s -> progress.accept(words(s)));
    CompletableFuture<String> said = call.thenApply(this::outcome);
    said.whenComplete(
        (words, failure) -> {
          if (said.isCancelled()) {
            call.cancel(true);
          }
        });
    return said;
  }

  private static String words(KubernetesTest.Step step) {
    return switch (step) {
      case SIGN_IN -> Texts.test_sign_in;
      case API_SERVER -> Texts.test_api_server;
      case PERMISSIONS -> Texts.test_permissions;
      case AGENTS -> Texts.test_agents;
      case CONNECTION -> Texts.test_connection;
    };
  }

  private String outcome(Report done) {
    report = Optional.of(done);
    if (done.works()) {
      return Texts.bind(
          Texts.connect_works_kubernetes,
          new Object[] {done.version(), done.agents(), done.agent()});
    }
    String far = done.version().isEmpty() ? "" : Texts.bind(Texts.test_so_far, done.version());
    throw new ConsoleException(
        ConsoleException.Code.DISCONNECTED, (far + " " + capital(done.failure())).strip(), null);
  }

  private static String capital(String sentence) {
    return sentence.isEmpty()
        ? sentence
        : Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
  }

  @Override
  public void tested() {
    fields.ifPresent(this::grey);
  }

  /** What the last test found forbidden. */
  private void grey(Fields f) {
    allow(f.forward(), refusal(Deed.FORWARD));
    tell(f.toKubernetes(), report.flatMap(r -> r.access().refusalOfAll()));
    boolean looks = report.map(r -> r.role().onlyLooks()).orElse(false);
    tell(f.toAgents(), looks ? Optional.of(Texts.connect_viewer) : Optional.empty());
  }

  private Optional<String> refusal(Deed deed) {
    return report.flatMap(r -> r.access().refusal(deed));
  }

  private static void allow(Button button, Optional<String> refusal) {
    button.setEnabled(refusal.isEmpty());
    tell(button, refusal);
  }

  /** A disabled widget shows no tooltip everywhere: its row has it, too. */
  private static void tell(Button button, Optional<String> refusal) {
    button.setToolTipText(refusal.orElse(null));
    button.getParent().setToolTipText(refusal.orElse(null));
  }
}
