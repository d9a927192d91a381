package io.sekisho.console.app;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.Clusters;
import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.Profiles;
import io.sekisho.console.kubernetes.config.Kubeconfigs;
import io.sekisho.console.ui.Background;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Theme;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jface.dialogs.IDialogConstants;
import org.eclipse.jface.dialogs.IMessageProvider;
import org.eclipse.jface.dialogs.TitleAreaDialog;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.ProgressBar;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.TabFolder;
import org.eclipse.swt.widgets.TabItem;
import org.eclipse.ui.IWorkbenchWindow;

/**
 * Asks for a cluster: by a context of a kubeconfig, or by the addresses of its agents; tests the
 * connection before it is used. A test can be cancelled, and never blocks the window.
 */
public final class ConnectDialog extends TitleAreaDialog {
  private static final int TEST = IDialogConstants.CLIENT_ID + 1;

  private final List<ConnectPage> pages;
  private Optional<TabFolder> tabs = Optional.empty();
  private Optional<ProgressBar> progress = Optional.empty();
  private Optional<ConnectionProfile> result = Optional.empty();
  private Optional<CompletableFuture<String>> test = Optional.empty();

  /**
   * Not open yet.
   *
   * @param kubeconfigs files whose contexts are listed
   */
  public ConnectDialog(Shell parent, List<Path> kubeconfigs) {
    super(parent);
    setHelpAvailable(false);
    pages = List.of(new KubernetesPage(kubeconfigs), new AddressesPage());
  }

  /** What was entered; empty until Connect was pressed. */
  public Optional<ConnectionProfile> chosen() {
    return result;
  }

  /** Opens the dialog; the window then looks at the cluster that was entered. */
  public static void open(IWorkbenchWindow window) {
    String variable = Optional.ofNullable(System.getenv("KUBECONFIG")).orElse("");
    Path home = Path.of(System.getProperty("user.home", "."));
    ConnectDialog dialog = new ConnectDialog(window.getShell(), Kubeconfigs.usual(variable, home));
    if (dialog.open() == OK) {
      dialog.result.ifPresent(profile -> show(window, profile));
    }
  }

  /** Opens the cluster's session, keeps its profile, and lets the window look at it. */
  static void show(IWorkbenchWindow window, ConnectionProfile profile) {
    ClusterSession session = Clusters.shared().open(profile);
    Profiles.store(Clusters.shared().profiles());
    session.retry(); // it may have been open already, and wait after a failure
    Scopes.of(window).show(Optional.of(session));
  }

  @Override
  protected void configureShell(Shell shell) {
    super.configureShell(shell);
    shell.setText(Texts.connect_title);
    // the platform's own is of the theme before, if that has changed since the start
    setTitleAreaColor(Look.of(shell.getDisplay()).theme().panel().getRGB());
  }

  @Override
  protected boolean isResizable() {
    return true;
  }

  @Override
  protected Control createDialogArea(Composite parent) {
    setTitle(Texts.connect_heading);
    Composite area = (Composite) super.createDialogArea(parent);
    TabFolder folder = new TabFolder(area, SWT.TOP);
    folder.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    for (ConnectPage page : pages) {
      TabItem item = new TabItem(folder, SWT.NONE);
      item.setText(page.title());
      Control made = page.create(folder, this::changed);
      colour(made, Look.of(folder.getDisplay()).theme());
      item.setControl(made);
    }
    ProgressBar bar = new ProgressBar(area, SWT.INDETERMINATE);
    GridData data = new GridData(SWT.FILL, SWT.CENTER, true, false);
    data.horizontalIndent = 12;
    bar.setLayoutData(data);
    bar.setVisible(false);
    tabs = Optional.of(folder);
    progress = Optional.of(bar);
    folder.addListener(SWT.Selection, e -> changed());
    setMessage(page().message());
    return area;
  }

  /** Native widgets follow the theme by themselves, what lies between them does not everywhere. */
  private static void colour(Control control, Theme theme) {
    boolean toggle = control instanceof Button b && (b.getStyle() & (SWT.CHECK | SWT.RADIO)) != 0;
    boolean own = control instanceof Label l && !l.getForeground().equals(theme.error());
    if (control.getClass() == Composite.class || control instanceof Label || toggle) {
      control.setBackground(theme.panel());
    }
    if (own || toggle) {
      control.setForeground(theme.text());
    }
    if (control instanceof Composite composite) {
      for (Control child : composite.getChildren()) {
        colour(child, theme);
      }
    }
  }

  private ConnectPage page() {
    return pages.get(tabs.map(t -> Math.max(0, t.getSelectionIndex())).orElse(0));
  }

  @Override
  protected void createButtonsForButtonBar(Composite parent) {
    createButton(parent, TEST, Texts.connect_test, false);
    createButton(parent, IDialogConstants.OK_ID, Texts.connect_button, true);
    createButton(parent, IDialogConstants.CANCEL_ID, IDialogConstants.CANCEL_LABEL, false);
    changed();
  }

  private void changed() {
    boolean complete = page().profile().isPresent();
    Button ok = getButton(IDialogConstants.OK_ID);
    Button tried = getButton(TEST);
    if (ok == null || tried == null) {
      return;
    }
    ok.setEnabled(complete && test.isEmpty());
    tried.setEnabled(complete || test.isPresent());
    tried.setText(test.isPresent() ? Texts.connect_stop : Texts.connect_test);
    if (test.isEmpty()) {
      String problem = page().problem();
      setMessage(
          problem.isEmpty() ? page().message() : problem,
          problem.isEmpty() ? IMessageProvider.NONE : IMessageProvider.ERROR);
    }
  }

  @Override
  protected void buttonPressed(int id) {
    if (id != TEST) {
      super.buttonPressed(id);
    } else if (test.isPresent()) {
      test.get().cancel(true);
    } else {
      page().profile().ifPresent(this::test);
    }
  }

  private void test(ConnectionProfile profile) {
    ConnectPage page = page();
    CompletableFuture<String> call = page.test(profile, this::step);
    test = Optional.of(call);
    changed();
    progress.ifPresent(p -> p.setVisible(true));
    Background.onUi(
        call,
        getShell(),
        (said, failure) -> {
          test = Optional.empty();
          progress.ifPresent(p -> p.setVisible(false));
          changed();
          page.tested();
          if (failure == null) {
            setMessage(said, IMessageProvider.INFORMATION);
          } else if (failure instanceof CancellationException) {
            setMessage(Texts.connect_stopped);
          } else {
            setMessage(Background.sentence(failure), IMessageProvider.ERROR);
          }
        });
  }

  /** On any thread. */
  private void step(String words) {
    Shell shell = getShell();
    shell
        .getDisplay()
        .asyncExec(
            () -> {
              if (!shell.isDisposed() && test.isPresent()) {
                setMessage(words);
              }
            });
  }

  @Override
  protected void okPressed() {
    result = page().profile();
    super.okPressed();
  }

  @Override
  public boolean close() {
    test.ifPresent(t -> t.cancel(true));
    return super.close();
  }
}
