/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_MAPS_METRICS_H
#define SEKISHO_MAPS_METRICS_H

#include "types.h"
#include <bpf/bpf_helpers.h>

/* Every packet counts exactly once. Key: fate + 256 * enum direction. The fate is an observation
 * point (below 128: passed on, to whom) or a drop reason (from 128). The direction is that of the
 * packet at the endpoint that decided last. */
#define METRICS_ENTRIES 512

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, METRICS_ENTRIES);
	__type(key, __u32);
	__type(value, struct metric);
} metrics SEC(".maps");

#endif
