/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_MAPS_IPCACHE_H
#define SEKISHO_MAPS_IPCACHE_H

#include "types.h"
#include <bpf/bpf_helpers.h>

/* Address prefix to identity and node, the longest prefix wins: pods of the cluster as /128, ranges
 * that documents name as they are. What is not here is the world. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 262144);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct ipcache_key);
	__type(value, struct ipcache_entry);
} ipcache SEC(".maps");

#endif
