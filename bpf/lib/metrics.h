/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_METRICS_H
#define SEKISHO_LIB_METRICS_H

#include "maps/metrics.h"
#include "packet.h"

static __always_inline void metrics_add(__u8 fate, __u8 direction, __u32 length)
{
	__u32 key = fate | (__u32)(direction & 1) << 8;
	struct metric *metric = bpf_map_lookup_elem(&metrics, &key);

	if (!metric)
		return;
	metric->packets++;
	metric->bytes += length;
}

/* Counts the packet's fate: an observation point or a drop reason. */
static __always_inline void metrics_count(const struct packet *p, __u8 fate)
{
	metrics_add(fate, p->direction, p->length);
}

#endif
