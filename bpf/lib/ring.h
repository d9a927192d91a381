/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_RING_H
#define SEKISHO_LIB_RING_H

#include "config.h"
#include "maps/events.h"

#define EVENT_ROOM (sizeof(struct event) + 8) /* a record has a header of 8 bytes */

/* The agent reads the ring by a timer. It is woken before its time once, by the event that makes the
 * ring that full: a wake-up costs more than all the rest of a packet's way. */
static __always_inline __u64 event_wakeup(void)
{
	__u32 threshold = config.event_wakeup_bytes;
	__u64 waiting;

	if (!threshold)
		return BPF_RB_NO_WAKEUP;
	waiting = bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA);
	return waiting >= threshold && waiting - EVENT_ROOM < threshold ? BPF_RB_FORCE_WAKEUP
									: BPF_RB_NO_WAKEUP;
}

static __always_inline void event_lose(__u64 count)
{
	__u32 key = 0;
	__u64 *lost = bpf_map_lookup_elem(&events_lost, &key);

	if (lost)
		*lost += count;
}

#endif
