/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Settings of the node, written by the loader before the programs are loaded; the verifier takes them
 * as constants. They lie alone in a map of their own, ".rodata.config": its value is exactly one
 * struct node_config, so the loader can replace it whole (bpf_map__set_initial_value). */
#ifndef SEKISHO_CONFIG_H
#define SEKISHO_CONFIG_H

#include "types.h"
#include <bpf/bpf_helpers.h>

/* Number of the layout of all maps and of this struct; raised with every incompatible change. */
#define LAYOUT_VERSION 3

#define NODE_ADDRESSES 8

enum node_flag {
	NODE_NATIVE_ROUTING = 1 << 0, /* pods' packets travel as they are, there is no overlay */
	NODE_ETHERNET = 1 << 1, /* the underlay's frames begin with an Ethernet header */
	NODE_OUTER = 1 << 2, /* programs may make outer headers; node_addresses[0] is the tunnels' IPv4 end */
	NODE_GENEVE = 1 << 3, /* the overlay is Geneve, else VXLAN */
};

/* 192 bytes. */
struct node_config {
	__u32 layout_version;     /*  0: LAYOUT_VERSION; the loader must find its own number here */
	__u32 overlay_ifindex;    /*  4: collect-metadata VXLAN or Geneve device; 0: there is none */
	__u32 underlay_ifindex;   /*  8: device to the outside; 0: all outside traffic takes the stack */
	__u32 event_wakeup_bytes; /* 12: wake the reader when so much waits in the ring; 0: never */
	__u64 aggregation_ns;     /* 16: an open connection is reported after so long without news */
	__u8 report_tcp_flags;    /* 24: the first sight of one of these TCP flags is news */
	__u8 flags;               /* 25: enum node_flag */
	__u16 overlay_port;       /* 26: UDP port of the tunnel, native byte order: pods must not send to it */
	__u16 masquerade_port_min; /* 28: ports and echo ids that masqueraded connections get, */
	__u16 masquerade_port_max; /* 30: native byte order, both included */
	/* 32: the node's own addresses (underlay, and the pods' gateways); rest zero */
	union address node_addresses[NODE_ADDRESSES];
	union address masquerade_ipv4; /* 160: source of what leaves the cluster; zero: not changed */
	union address masquerade_ipv6; /* 176 */
};

_Static_assert(sizeof(struct node_config) == 192, "layout");

const volatile struct node_config config SEC(".rodata.config") = {
	.layout_version = LAYOUT_VERSION,
	.event_wakeup_bytes = 256 * 1024,
	.aggregation_ns = 5000000000ULL,
	.report_tcp_flags = 0x07,
	.overlay_port = 8472,
	.masquerade_port_min = 49152,
	.masquerade_port_max = 65535,
};

#endif
