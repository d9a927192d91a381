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

/* Counts changes of ipcache, endpoints and endpoint_config, key 0: odd while the agent writes. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} ipcache_version SEC(".maps");

#define IPCACHE_RECENT_ENTRIES 512 /* a power of two */

enum ipcache_recent_known {
	RECENT_NOTHING = 0, /* the place was never taken */
	RECENT_ENTRY = 1,
	RECENT_WORLD = 2, /* ipcache has no entry for the address */
};

/* What ipcache said of an address; 48 bytes. */
struct ipcache_recent {
	union address address;      /*  0 */
	__u32 version;              /* 16: of ipcache, when it was asked */
	__u32 known;                /* 20: enum ipcache_recent_known */
	struct ipcache_entry entry; /* 24 */
};

/* What it said last, by a hash of the address: a trie is a walk from node to node through cold memory.
 * A processor writes and reads its own. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, IPCACHE_RECENT_ENTRIES);
	__type(key, __u32);
	__type(value, struct ipcache_recent);
} ipcache_recent SEC(".maps");

#endif
