/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_MAPS_FRAGMENTS_H
#define SEKISHO_MAPS_FRAGMENTS_H

#include "types.h"
#include <bpf/bpf_helpers.h>

/* Ports of fragmented packets on their way: the first fragment writes, the later ones read. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct fragment_key);
	__type(value, struct fragment_entry);
} fragments SEC(".maps");

#endif
