/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_MAPS_ENDPOINTS_H
#define SEKISHO_MAPS_ENDPOINTS_H

#include "types.h"
#include <bpf/bpf_helpers.h>

/* Local pods by address: the one lookup that says whether a packet stays on the node, and to whom.
 * A pod with two addresses has two entries with the same value. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, union address);
	__type(value, struct endpoint);
} endpoints SEC(".maps");

/* Local pods by the index of their host interface: programs are shared by all pods, so that is how
 * they know whom they serve. An interface without entry passes nothing. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct endpoint);
} endpoint_config SEC(".maps");

#define ENDPOINT_RECENT_ENTRIES 512 /* a power of two */

/* What one of the two maps said; 88 bytes. */
struct endpoint_recent {
	union address address;    /*  0: that was asked for; of an interface: zero */
	__u32 version;            /* 16: of the tables, when it was asked */
	__u32 reserved;           /* 20 */
	struct endpoint endpoint; /* 24 */
};

/* What they said last, by a hash of the address, or by the end of the interface's index. An array's
 * place is one addition, a hash a call that reads memory all over. A processor writes and reads its own. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, ENDPOINT_RECENT_ENTRIES);
	__type(key, __u32);
	__type(value, struct endpoint_recent);
} endpoint_recent SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, ENDPOINT_RECENT_ENTRIES);
	__type(key, __u32);
	__type(value, struct endpoint_recent);
} interface_recent SEC(".maps");

#endif
