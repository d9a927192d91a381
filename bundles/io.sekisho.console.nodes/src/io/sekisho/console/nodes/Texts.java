package io.sekisho.console.nodes;

import org.eclipse.osgi.util.NLS;

/** Texts of this bundle; the English ones are in {@code messages.properties}. */
final class Texts extends NLS {
  public static String title_clusters;
  public static String title_nodes;
  public static String no_clusters;
  public static String namespaces;
  public static String nodes;
  public static String off;
  public static String pods;
  public static String ok;
  public static String column_state;
  public static String column_name;
  public static String column_address;
  public static String column_version;
  public static String column_endpoints;
  public static String column_revision;
  public static String column_pressure;
  public static String column_lost;
  public static String column_memory;
  public static String column_message;
  public static String state_unknown;
  public static String state_ready;
  public static String state_degraded;
  public static String state_gone;
  public static String state_silent;
  public static String no_nodes;
  public static String count_nodes;
  public static String tip_trouble;

  static {
    NLS.initializeMessages("io.sekisho.console.nodes.messages", Texts.class);
  }

  private Texts() {}
}
