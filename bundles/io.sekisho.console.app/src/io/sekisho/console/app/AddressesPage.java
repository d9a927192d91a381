package io.sekisho.console.app;

import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.ConnectionTest;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.FileDialog;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Text;

/** A cluster by the addresses of its agents, with certificates from files. */
final class AddressesPage implements ConnectPage {
  private Optional<Fields> fields = Optional.empty();
  private String problem = "";

  private record Fields(
      Text name, Text addresses, Text ca, Text certificate, Text key, Button production) {}

  @Override
  public String title() {
    return Texts.connect_by_address;
  }

  @Override
  public String message() {
    return Texts.connect_message;
  }

  @Override
  public Control create(Composite parent, Runnable changed) {
    Composite area = new Composite(parent, SWT.NONE);
    GridLayout layout = new GridLayout(3, false);
    layout.marginWidth = 12;
    layout.marginHeight = 12;
    layout.horizontalSpacing = 8;
    layout.verticalSpacing = 8;
    area.setLayout(layout);
    Text name = field(area, Texts.connect_name, "shop-prod", false, changed);
    Text addresses =
        field(area, Texts.connect_addresses, "198.18.0.1:4244, 198.18.0.2:4244", false, changed);
    Text ca = field(area, Texts.connect_ca, "ca.crt", true, changed);
    Text certificate = field(area, Texts.connect_certificate, "alice.crt", true, changed);
    Text key = field(area, Texts.connect_key, "alice.key", true, changed);
    new Label(area, SWT.NONE);
    Button production = new Button(area, SWT.CHECK);
    production.setText(Texts.connect_production);
    production.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false, 2, 1));
    fields = Optional.of(new Fields(name, addresses, ca, certificate, key, production));
    return area;
  }

  private static Text field(
      Composite area, String label, String hint, boolean file, Runnable changed) {
    Label words = new Label(area, SWT.NONE);
    words.setText(label);
    Text text = new Text(area, SWT.BORDER);
    text.setMessage(hint);
    GridData data = new GridData(SWT.FILL, SWT.CENTER, true, false, file ? 1 : 2, 1);
    data.widthHint = 320;
    text.setLayoutData(data);
    text.addListener(SWT.Modify, e -> changed.run());
    if (file) {
      Button browse = new Button(area, SWT.PUSH);
      browse.setText(Texts.connect_browse);
      browse.addListener(SWT.Selection, e -> browse(text, label));
    }
    return text;
  }

  private static void browse(Text into, String label) {
    FileDialog dialog = new FileDialog(into.getShell(), SWT.OPEN);
    dialog.setText(label);
    dialog.setFilterExtensions(new String[] {"*.crt;*.pem;*.key", "*"});
    String chosen = dialog.open();
    if (chosen != null) {
      into.setText(chosen);
    }
  }

  @Override
  public Optional<ConnectionProfile> profile() {
    problem = "";
    return fields.flatMap(this::profile);
  }

  private Optional<ConnectionProfile> profile(Fields f) {
    List<String> addresses =
        Arrays.stream(f.addresses().getText().strip().split("[,\\s]+"))
            .filter(a -> !a.isEmpty())
            .toList();
    boolean filled =
        !addresses.isEmpty()
            && List.of(f.name(), f.ca(), f.certificate(), f.key()).stream()
                .noneMatch(t -> t.getText().isBlank());
    if (!filled) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ConnectionProfile(
              f.name().getText().strip(),
              addresses,
              Path.of(f.ca().getText().strip()),
              Path.of(f.certificate().getText().strip()),
              Path.of(f.key().getText().strip()),
              f.production().getSelection()));
    } catch (InvalidPathException e) {
      problem = String.valueOf(e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public String problem() {
    return problem;
  }

  @Override
  public CompletableFuture<String> test(ConnectionProfile profile, Consumer<String> progress) {
    progress.accept(Texts.bind(Texts.connect_testing, profile.name()));
    CompletableFuture<String> call = ConnectionTest.run(profile);
    CompletableFuture<String> words =
        call.thenApply(agent -> Texts.bind(Texts.connect_works, agent));
    words.whenComplete(
        (said, failure) -> {
          if (words.isCancelled()) {
            call.cancel(true);
          }
        });
    return words;
  }
}
