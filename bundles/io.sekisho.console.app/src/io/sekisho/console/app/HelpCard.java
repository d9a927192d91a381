package io.sekisho.console.app;

import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Theme;
import java.util.List;
import org.eclipse.jface.dialogs.PopupDialog;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.Font;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;

/** The card that F1 shows; goes with Escape, F1, or a click elsewhere. */
final class HelpCard extends PopupDialog {
  private static final int WIDTH = 420;

  private final Help help;

  private HelpCard(Shell parent, Help help) {
    super(parent, PopupDialog.INFOPOPUP_SHELLSTYLE, true, false, false, false, false, null, null);
    this.help = help;
  }

  /** Shows the card for where a control is; where it is shown already, it goes. */
  static void toggle(Control control) {
    if (control.getShell().getData() instanceof HelpCard shown) {
      shown.close();
    } else {
      new HelpCard(control.getShell(), Help.of(control)).open();
    }
  }

  @Override
  protected Control createDialogArea(Composite parent) {
    Look look = Look.of(parent.getDisplay());
    Theme theme = look.theme();
    Composite area = new Composite(parent, SWT.NONE);
    area.setBackground(theme.panel());
    GridLayout layout = new GridLayout(2, false);
    layout.marginWidth = 12;
    layout.marginHeight = 12;
    layout.horizontalSpacing = 12;
    area.setLayout(layout);
    wide(line(area, help.title(), look.fonts().large(), theme.text()));
    wide(line(area, help.what(), look.fonts().normal(), theme.text()));
    keys(area, look, help.keys());
    if (!help.everywhere().isEmpty()) {
      wide(line(area, Texts.help_everywhere, look.fonts().small(), theme.faint()));
      keys(area, look, help.everywhere());
    }
    return area;
  }

  private static void keys(Composite area, Look look, List<Help.Key> keys) {
    for (Help.Key each : keys) {
      line(area, each.key(), look.fonts().bold(), look.theme().text());
      line(area, each.does(), look.fonts().normal(), look.theme().text());
    }
  }

  private static Label line(Composite area, String text, Font font, Color colour) {
    Label label = new Label(area, SWT.WRAP);
    label.setText(text.replace("&", "&&"));
    label.setFont(font);
    label.setForeground(colour);
    label.setBackground(area.getBackground());
    return label;
  }

  private static void wide(Label label) {
    GridData data = new GridData(SWT.FILL, SWT.TOP, true, false, 2, 1);
    data.widthHint = WIDTH;
    label.setLayoutData(data);
  }

  @Override
  protected Point getInitialLocation(Point size) {
    Shell parent = getParentShell();
    Display display = parent.getDisplay();
    Point corner = display.map(parent, null, new Point(parent.getClientArea().width, 0));
    return new Point(Math.max(0, corner.x - size.x - 24), Math.max(0, corner.y + 48));
  }

  @Override
  protected Color getBackground() {
    return Look.of(getParentShell().getDisplay()).theme().panel();
  }
}
