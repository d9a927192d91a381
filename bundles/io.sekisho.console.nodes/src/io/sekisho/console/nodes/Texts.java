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
  public static String state_cut;
  public static String state_lossy;
  public static String tip_latency;
  public static String more_pods;
  public static String action_path_from;
  public static String action_path_to;
  public static String title_node;
  public static String routing_vxlan;
  public static String routing_geneve;
  public static String routing_native;
  public static String column_routing;
  public static String column_latency;
  public static String column_loss;
  public static String state_silent_since;
  public static String facts_ways;
  public static String facts_network;
  public static String facts_maps;
  public static String facts_features;
  public static String facts_not_told;
  public static String way_endpoint;
  public static String way_endpoint_ipv6;
  public static String way_node;
  public static String way_node_ipv6;
  public static String fact_routing;
  public static String fact_underlay;
  public static String fact_addresses;
  public static String fact_pod_ranges;
  public static String fact_pod_mtu;
  public static String fact_masquerade;
  public static String fact_health;
  public static String fact_agent;
  public static String fact_kernel;
  public static String fact_uplink;
  public static String uplink_both;
  public static String uplink_ipv4;
  public static String uplink_ipv6;
  public static String uplink_no_default;
  public static String uplink_as;
  public static String fact_mtu;
  public static String fact_entries;
  public static String yes;
  public static String no;
  public static String masquerade_on;
  public static String masquerade_off;
  public static String feature_present;
  public static String feature_missing;
  public static String feature_nothing;
  public static String feature_since;
  public static String matrix_from;
  public static String matrix_to;
  public static String matrix_silent;
  public static String matrix_title;
  public static String action_all_ways;
  public static String count_trouble;
  public static String count_troubles;
  public static String ready_of;
  public static String service_row;
  public static String policy_row;
  public static String policy_row_kind;
  public static String no_pods;
  public static String no_agent;
  public static String cluster_policies;
  public static String api_since;
  public static String not_shown;

  static {
    NLS.initializeMessages("io.sekisho.console.nodes.messages", Texts.class);
  }

  private Texts() {}
}
