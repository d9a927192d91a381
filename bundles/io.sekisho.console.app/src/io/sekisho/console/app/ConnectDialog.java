package io.sekisho.console.app;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.Clusters;
import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.ConnectionTest;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.Profiles;
import io.sekisho.console.ui.Background;
import io.sekisho.console.ui.Scopes;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jface.dialogs.IDialogConstants;
import org.eclipse.jface.dialogs.IMessageProvider;
import org.eclipse.jface.dialogs.TitleAreaDialog;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.FileDialog;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.ProgressBar;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;
import org.eclipse.ui.IWorkbenchWindow;

/** Asks for a cluster: name, addresses, certificates; tests the connection before it is used. */
public final class ConnectDialog extends TitleAreaDialog {
  private static final int TEST = IDialogConstants.CLIENT_ID + 1;

  private Fields fields = Fields.NONE;
  private Optional<ConnectionProfile> result = Optional.empty();
  private Optional<CompletableFuture<String>> test = Optional.empty();

  /** The widgets, there once the dialog is open. */
  private record Fields(
      Optional<Text> name,
      Optional<Text> addresses,
      Optional<Text> ca,
      Optional<Text> certificate,
      Optional<Text> key,
      Optional<Button> production,
      Optional<ProgressBar> progress) {
    static final Fields NONE =
        new Fields(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  private ConnectDialog(Shell parent) {
    super(parent);
    setHelpAvailable(false);
  }

  /** Opens the dialog; the window then looks at the cluster that was entered. */
  public static void open(IWorkbenchWindow window) {
    ConnectDialog dialog = new ConnectDialog(window.getShell());
    if (dialog.open() == OK) {
      dialog.result.ifPresent(
          profile -> {
            ClusterSession session = Clusters.shared().open(profile);
            Profiles.store(Clusters.shared().profiles());
            Scopes.of(window).show(Optional.of(session));
          });
    }
  }

  @Override
  protected void configureShell(Shell shell) {
    super.configureShell(shell);
    shell.setText(Texts.connect_title);
  }

  @Override
  protected boolean isResizable() {
    return true;
  }

  @Override
  protected Control createDialogArea(Composite parent) {
    setTitle(Texts.connect_heading);
    setMessage(Texts.connect_message);
    Composite area = new Composite((Composite) super.createDialogArea(parent), SWT.NONE);
    area.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    GridLayout layout = new GridLayout(3, false);
    layout.marginWidth = 12;
    layout.marginHeight = 12;
    layout.horizontalSpacing = 8;
    layout.verticalSpacing = 8;
    area.setLayout(layout);
    Text name = field(area, Texts.connect_name, "shop-prod", false);
    Text addresses =
        field(area, Texts.connect_addresses, "198.18.0.1:4244, 198.18.0.2:4244", false);
    Text ca = field(area, Texts.connect_ca, "ca.crt", true);
    Text certificate = field(area, Texts.connect_certificate, "alice.crt", true);
    Text key = field(area, Texts.connect_key, "alice.key", true);
    new Label(area, SWT.NONE);
    Button production = new Button(area, SWT.CHECK);
    production.setText(Texts.connect_production);
    production.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false, 2, 1));
    ProgressBar progress = new ProgressBar(area, SWT.INDETERMINATE);
    progress.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false, 3, 1));
    progress.setVisible(false);
    fields =
        new Fields(
            Optional.of(name),
            Optional.of(addresses),
            Optional.of(ca),
            Optional.of(certificate),
            Optional.of(key),
            Optional.of(production),
            Optional.of(progress));
    return area;
  }

  private Text field(Composite area, String label, String hint, boolean file) {
    Label words = new Label(area, SWT.NONE);
    words.setText(label);
    Text text = new Text(area, SWT.BORDER);
    text.setMessage(hint);
    GridData data = new GridData(SWT.FILL, SWT.CENTER, true, false, file ? 1 : 2, 1);
    data.widthHint = 320;
    text.setLayoutData(data);
    text.addListener(SWT.Modify, e -> changed());
    if (file) {
      Button browse = new Button(area, SWT.PUSH);
      browse.setText(Texts.connect_browse);
      browse.addListener(SWT.Selection, e -> browse(text, label));
    }
    return text;
  }

  private void browse(Text into, String label) {
    FileDialog dialog = new FileDialog(getShell(), SWT.OPEN);
    dialog.setText(label);
    dialog.setFilterExtensions(new String[] {"*.crt;*.pem;*.key", "*"});
    String chosen = dialog.open();
    if (chosen != null) {
      into.setText(chosen);
    }
  }

  @Override
  protected void createButtonsForButtonBar(Composite parent) {
    createButton(parent, TEST, Texts.connect_test, false);
    createButton(parent, IDialogConstants.OK_ID, Texts.connect_button, true);
    createButton(parent, IDialogConstants.CANCEL_ID, IDialogConstants.CANCEL_LABEL, false);
    changed();
  }

  private void changed() {
    boolean complete = profile().isPresent();
    for (int id : new int[] {TEST, IDialogConstants.OK_ID}) {
      Button button = getButton(id);
      if (button != null) {
        button.setEnabled(complete && test.isEmpty());
      }
    }
  }

  private static String text(Optional<Text> field) {
    return field.map(t -> t.getText().strip()).orElse("");
  }

  private Optional<ConnectionProfile> profile() {
    List<String> addresses =
        Arrays.stream(text(fields.addresses()).split("[,\\s]+")).filter(a -> !a.isEmpty()).toList();
    boolean filled =
        !addresses.isEmpty()
            && List.of(fields.name(), fields.ca(), fields.certificate(), fields.key()).stream()
                .noneMatch(f -> text(f).isEmpty());
    if (!filled) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ConnectionProfile(
              text(fields.name()),
              addresses,
              Path.of(text(fields.ca())),
              Path.of(text(fields.certificate())),
              Path.of(text(fields.key())),
              fields.production().map(Button::getSelection).orElse(false)));
    } catch (InvalidPathException e) {
      setMessage(e.getMessage(), IMessageProvider.ERROR);
      return Optional.empty();
    }
  }

  @Override
  protected void buttonPressed(int id) {
    if (id == TEST) {
      profile().ifPresent(this::test);
    } else {
      super.buttonPressed(id);
    }
  }

  private void test(ConnectionProfile profile) {
    CompletableFuture<String> call = ConnectionTest.run(profile);
    test = Optional.of(call);
    changed();
    fields.progress().ifPresent(p -> p.setVisible(true));
    setMessage(Texts.bind(Texts.connect_testing, profile.name()));
    Background.onUi(
        call,
        getShell(),
        (agent, failure) -> {
          test = Optional.empty();
          fields.progress().ifPresent(p -> p.setVisible(false));
          changed();
          if (failure == null) {
            setMessage(Texts.bind(Texts.connect_works, agent), IMessageProvider.INFORMATION);
          } else {
            setMessage(sentence(failure), IMessageProvider.ERROR);
          }
        });
  }

  private static String sentence(Throwable failure) {
    Throwable cause = failure.getCause() instanceof ConsoleException c ? c : failure;
    return String.valueOf(cause.getMessage());
  }

  @Override
  protected void okPressed() {
    result = profile();
    super.okPressed();
  }

  @Override
  public boolean close() {
    test.ifPresent(t -> t.cancel(true));
    return super.close();
  }
}
