/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_MAPS_NAT_H
#define SEKISHO_MAPS_NAT_H

#include "types.h"
#include <bpf/bpf_helpers.h>

/* Masqueraded connections, two entries each: see struct nat_entry. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 131072);
	__type(key, struct tuple);
	__type(value, struct nat_entry);
} nat SEC(".maps");

#endif
