/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_MAPS_POLICIES_H
#define SEKISHO_MAPS_POLICIES_H

#include "types.h"
#include <bpf/bpf_helpers.h>

/* The policy of one endpoint. Identity and direction always count, so a lookup finds the most
 * specific protocol and port for one peer; peers are chosen by two lookups. */
struct policy_table {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 16384);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(key_size, sizeof(struct policy_key)); /* by size: clang 14 leaves inner types out of BTF */
	__uint(value_size, sizeof(struct policy_entry));
};

/* Endpoint id to its table: a new table takes the place of the old one in one step. An endpoint
 * without table passes nothing. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 4096);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__array(values, struct policy_table);
} policies SEC(".maps");

/* Prefixes of rules that mean whoever has an address there, be it a pod, to the number under which
 * policy tables have them; the longest prefix wins. Pods' own addresses are not here. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 131072);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct ipcache_key);
	__type(value, __u32);
} policy_blocks SEC(".maps");

#endif
