package io.sekisho.console.policy;

import org.eclipse.jface.dialogs.MessageDialog;
import org.eclipse.swt.widgets.Shell;

/** Asks before something that others feel; the safe answer is the default. */
final class Question {
  private Question() {}

  /** Whether the operator chose the verb. */
  static boolean ask(Shell shell, String what, String verb) {
    MessageDialog dialog =
        new MessageDialog(
            shell, what, null, what, MessageDialog.QUESTION, 1, verb, Texts.action_cancel);
    return dialog.open() == 0;
  }
}
