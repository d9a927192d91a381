/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_MAPS_NODE_STATE_H
#define SEKISHO_MAPS_NODE_STATE_H

#include "types.h"
#include <bpf/bpf_helpers.h>

/* What the programs must know of the node's policy before anything else, key 0. An array, whose lookup
 * the verifier makes an address: who has no such policy pays a load from memory. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct node_state);
} node_state SEC(".maps");

#endif
