package io.sekisho.console.policy;

import org.eclipse.osgi.util.NLS;

/** Texts of this bundle; the English ones are in {@code messages.properties}. */
final class Texts extends NLS {
  public static String untitled;
  public static String title_documents;
  public static String action_new;
  public static String action_open;
  public static String action_remove;
  public static String action_discard;
  public static String action_push;
  public static String action_confirm;
  public static String action_revert;
  public static String action_restore;
  public static String action_cancel;
  public static String template_workload;
  public static String template_default_deny;
  public static String template_same_namespace;
  public static String column_document;
  public static String column_change;
  public static String column_problem;
  public static String column_place;
  public static String column_node;
  public static String column_state;
  public static String column_took;
  public static String column_message;
  public static String column_number;
  public static String column_when;
  public static String column_author;
  public static String change_added;
  public static String change_changed;
  public static String change_removed;
  public static String note_changed;
  public static String note_base;
  public static String note_revision;
  public static String no_documents;
  public static String no_problems;
  public static String no_changes;
  public static String no_rollout;
  public static String no_revisions;
  public static String rollout_waiting;
  public static String rollout_pending;
  public static String rollout_reverted;
  public static String rollout_realized;
  public static String state_waiting;
  public static String state_realized;
  public static String state_failed;
  public static String state_reverted;
  public static String state_unreachable;
  public static String revision_pending;
  public static String revision_head;
  public static String revision_reverted;
  public static String diff_none;
  public static String impact_touches;
  public static String impact_none;
  public static String push_message;
  public static String push_message_hint;
  public static String push_confirm;
  public static String push_has_errors;
  public static String push_what;
  public static String push_failed;
  public static String confirm_failed;
  public static String revert_failed;
  public static String revert_what;
  public static String restore_what;
  public static String type_name;
  public static String did_you_mean;

  static {
    NLS.initializeMessages("io.sekisho.console.policy.messages", Texts.class);
  }

  private Texts() {}
}
