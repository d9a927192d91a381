/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Settings of the node, written by the loader before the programs are loaded; the verifier takes them
 * as constants. They lie alone in a map of their own, ".rodata.config": its value is exactly one
 * struct node_config, so the loader can replace it whole (bpf_map__set_initial_value). */
#ifndef SEKISHO_CONFIG_H
#define SEKISHO_CONFIG_H

#include "types.h"
#include <bpf/bpf_helpers.h>

/* Number of the layout of all maps and of this struct; raised with every incompatible change. */
#define LAYOUT_VERSION 1

#define NODE_ADDRESSES 8

/* 160 bytes. */
struct node_config {
	__u32 layout_version;     /*  0: LAYOUT_VERSION; the loader must find its own number here */
	__u32 overlay_ifindex;    /*  4: collect-metadata VXLAN device; 0: remote pods are unreachable */
	__u32 underlay_ifindex;   /*  8: device to the outside; 0: all outside traffic takes the stack */
	__u32 event_wakeup_bytes; /* 12: wake the reader when so much waits in the ring; 0: never */
	__u64 aggregation_ns;     /* 16: an open connection is reported after so long without news */
	__u8 report_tcp_flags;    /* 24: the first sight of one of these TCP flags is news */
	__u8 reserved;            /* 25: zero */
	__u16 overlay_port;       /* 26: UDP port of VXLAN, native byte order: pods must not send to it */
	__u32 reserved_too;       /* 28: zero */
	/* 32: the node's own addresses (underlay, and the pods' gateways); rest zero */
	union address node_addresses[NODE_ADDRESSES];
};

_Static_assert(sizeof(struct node_config) == 160, "layout");

const volatile struct node_config config SEC(".rodata.config") = {
	.layout_version = LAYOUT_VERSION,
	.event_wakeup_bytes = 256 * 1024,
	.aggregation_ns = 5000000000ULL,
	.report_tcp_flags = 0xff,
	.overlay_port = 8472,
};

#endif
