package io.sekisho.console.app;

import org.eclipse.osgi.util.NLS;

/** Texts of this bundle; the English ones are in {@code messages.properties}. */
final class Texts extends NLS {
  public static String window_title;
  public static String window_title_cluster;
  public static String connect_failed;
  public static String connect_title;
  public static String connect_heading;
  public static String connect_message;
  public static String connect_name;
  public static String connect_addresses;
  public static String connect_ca;
  public static String connect_certificate;
  public static String connect_key;
  public static String connect_production;
  public static String connect_browse;
  public static String connect_test;
  public static String connect_button;
  public static String connect_testing;
  public static String connect_works;
  public static String cluster_choose;
  public static String cluster_none;
  public static String cluster_connect;
  public static String cluster_disconnect;
  public static String cluster_retry;
  public static String cluster_connecting;
  public static String cluster_production;
  public static String cluster_disconnected;
  public static String cluster_refused;
  public static String cluster_closed;
  public static String forget_title;
  public static String forget_question;
  public static String forget_button;
  public static String keep_button;
  public static String perspective_operate;
  public static String perspective_configure;
  public static String status_revision;
  public static String status_no_revision;
  public static String status_alert;
  public static String status_recording_off;
  public static String status_recording;
  public static String status_recording_missing;
  public static String status_recording_broke;
  public static String status_pending;
  public static String status_no_drops;
  public static String status_new_drop;
  public static String log_time;
  public static String log_where;
  public static String log_message;
  public static String connect_by_kubernetes;
  public static String connect_by_address;
  public static String connect_kubernetes_message;
  public static String connect_add_file;
  public static String connect_namespace;
  public static String connect_secret;
  public static String connect_reach;
  public static String connect_forward;
  public static String connect_direct;
  public static String connect_policies;
  public static String connect_to_agents;
  public static String connect_to_kubernetes;
  public static String connect_no_contexts;
  public static String connect_viewer;
  public static String connect_stop;
  public static String connect_stopped;
  public static String connect_works_kubernetes;
  public static String test_sign_in;
  public static String test_api_server;
  public static String test_permissions;
  public static String test_agents;
  public static String test_connection;
  public static String test_so_far;
  public static String context_name;
  public static String context_server;
  public static String context_sign_in;
  public static String target_agents;
  public static String target_kubernetes;
  public static String cluster_kubernetes_policies;
  public static String help_window;
  public static String help_everywhere;

  static {
    NLS.initializeMessages("io.sekisho.console.app.messages", Texts.class);
  }

  private Texts() {}
}
