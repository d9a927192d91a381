package io.sekisho.console.path;

import org.eclipse.osgi.util.NLS;

/** Texts of this bundle; the English ones are in {@code messages.properties}. */
final class Texts extends NLS {
  public static String form_from;
  public static String form_from_hint;
  public static String form_to;
  public static String form_to_hint;
  public static String form_any_family;
  public static String form_count;
  public static String action_measure;
  public static String action_cancel;
  public static String action_retry;
  public static String action_details;
  public static String action_as_table;
  public static String action_as_picture;
  public static String action_open_rule;
  public static String reason_link;
  public static String reason_role;
  public static String idle;
  public static String running;
  public static String cancelled;
  public static String failed_what;
  public static String job_name;
  public static String summary;
  public static String picture_name;
  public static String table_name;
  public static String group_outside;
  public static String dropped_here;
  public static String hop_pod;
  public static String hop_endpoint;
  public static String hop_overlay;
  public static String hop_underlay;
  public static String hop_masquerade;
  public static String hop_uplink;
  public static String hop_outside;
  public static String summary_mtu;
  public static String drop_unknown;
  public static String drop_default;
  public static String drop_rule;
  public static String drop_title;
  public static String drop_sentence;
  public static String silent_title;
  public static String silent_text;
  public static String number_median;
  public static String number_min;
  public static String number_max;
  public static String number_loss;
  public static String sample_none;
  public static String reach_passed;
  public static String reach_beyond;
  public static String column_number;
  public static String column_node;
  public static String column_what;
  public static String column_name;
  public static String column_address;
  public static String column_rtt;
  public static String column_mtu;
  public static String column_came;
  public static String column_detail;

  static {
    NLS.initializeMessages("io.sekisho.console.path.messages", Texts.class);
  }

  private Texts() {}
}
