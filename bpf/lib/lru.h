/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_LRU_H
#define SEKISHO_LIB_LRU_H

#include "types.h"
#include <bpf/bpf_helpers.h>

/* Puts an entry into an LRU table, and looks it up: of a full table the kernel takes first what nobody has
 * looked up, and where all else is in use that is the newest entry, before anyone could (kernel/bpf/
 * bpf_lru_list.c: what was never looked up waits on the inactive list, and is all that it holds). */
static __always_inline long lru_put(void *map, const void *key, const void *value, __u64 flags)
{
	long error = bpf_map_update_elem(map, key, value, flags);

	if (!error)
		bpf_map_lookup_elem(map, key);
	return error;
}

#endif
