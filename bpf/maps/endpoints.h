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

#endif
