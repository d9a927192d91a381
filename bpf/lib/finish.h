/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_FINISH_H
#define SEKISHO_LIB_FINISH_H

#include "drop.h"
#include "event.h"
#include "metrics.h"
#include "packet.h"

/* The one way out of every program: result is the action for the kernel, or a negative drop reason.
 * Counts the packet, tells of a drop or of a connection that is due, gives the action. */
static __always_inline int finish(struct __sk_buff *skb, struct packet *p, int result)
{
	if (result < 0) {
		__u8 reason = -result;

		verdict_tell(skb, p);
		metrics_count(p, reason);
		event_emit(skb, p, EVENT_DROP, reason);
		return TC_ACT_SHOT;
	}
	metrics_count(p, p->point);
	if (p->report)
		event_emit(skb, p, EVENT_TRACE, p->point);
	else
		verdict_tell(skb, p);
	return result;
}

#endif
