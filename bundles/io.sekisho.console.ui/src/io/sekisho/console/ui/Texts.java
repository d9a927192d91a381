package io.sekisho.console.ui;

import org.eclipse.osgi.util.NLS;

/** Texts that all views share; the English ones are in {@code messages.properties}. */
public final class Texts extends NLS {
  public static String chip_remove;
  public static String filter_hint;
  public static String filter_more;
  public static String filter_name;
  public static String filter_saved;
  public static String filter_save;
  public static String filter_forget;
  public static String filter_problem;
  public static String filter_clear;
  public static String filter_none_saved;
  public static String time_live;
  public static String time_off;
  public static String time_off_tip;
  public static String time_paused;
  public static String time_pause;
  public static String time_go_on;
  public static String time_span;
  public static String time_flows_unit;
  public static String time_dropped_unit;
  public static String time_lost_unit;
  public static String time_lost_tip;
  public static String state_no_cluster;
  public static String state_connecting;
  public static String state_loading;
  public static String state_disconnected;
  public static String state_disconnected_empty;
  public static String state_refused;
  public static String state_closed;
  public static String state_silent;
  public static String state_silent_many;
  public static String state_paused;
  public static String failure_title;
  public static String failure_details;
  public static String action_copy;
  public static String action_retry;
  public static String action_cancel;
  public static String refused_role;
  public static String refused_entry;
  public static String ping_answered;
  public static String ping_never;
  public static String ping_last;
  public static String way_endpoints_silent;
  public static String way_family_answers;
  public static String way_family_silent;
  public static String way_node_silent;
  public static String way_silent;
  public static String way_lossy;
  public static String way_node_answers;
  public static String way_endpoints_answer;
  public static String trouble_node;
  public static String trouble_asked;
  public static String trouble_more;
  public static String trouble_reach;
  public static String trouble_reach_how;

  static {
    NLS.initializeMessages("io.sekisho.console.ui.messages", Texts.class);
  }

  private Texts() {}
}
