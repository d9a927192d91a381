/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_MAPS_PREFILTER_H
#define SEKISHO_MAPS_PREFILTER_H

#include "types.h"
#include <bpf/bpf_helpers.h>

/* Prefixes whose addresses may send us nothing; the longest prefix decides, so that one inside of
 * another can be spared. Each family has a trie of its own: keys of 32 bits are found faster. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 131072);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct prefix_ipv4);
	__type(value, __u32); /* enum prefix_verdict */
} prefilter_ipv4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 131072);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct ipcache_key);
	__type(value, __u32);
} prefilter_ipv6 SEC(".maps");

/* How many drops this CPU told in this second, key 0: a flood must not fill the ring. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct prefilter_told);
} prefilter_told SEC(".maps");

#endif
