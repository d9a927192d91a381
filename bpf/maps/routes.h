/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_MAPS_ROUTES_H
#define SEKISHO_MAPS_ROUTES_H

#include "types.h"
#include <bpf/bpf_helpers.h>

#define ROUTES_ENTRIES 256 /* a power of two */

/* The way that the kernel's routes gave for a tuple, or for all between two addresses; 72 bytes. */
struct route_entry {
	struct tuple tuple; /*  0: its byte reserved says which, lib/underlay.h */
	__u64 until;        /* 40: CLOCK_MONOTONIC ns; past: as if it were not there */
	union address next; /* 48: the neighbour on the device, as struct bpf_redir_neigh has it, or MACs */
	__u32 family;       /* 64: zero: next begins with both MACs of a frame to him */
	union {
		__u32 mtu;     /* 68: of a tunnel's way, bytes */
		__u32 ifindex; /* 68: else the device */
	};
};

enum route_ports {
	ROUTE_PORTS_COUNT = 0,
	ROUTE_PORTS_IGNORED = 1,
};

/* Whether the kernel's routes, or IPsec, look at ports, key 0: enum route_ports. The agent knows, and watches. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} route_ports SEC(".maps");

/* Ways of the last few milliseconds, by a hash of the tuple; a processor writes and reads its own. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, ROUTES_ENTRIES);
	__type(key, __u32);
	__type(value, struct route_entry);
} routes SEC(".maps");

#endif
