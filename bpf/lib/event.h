/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_EVENT_H
#define SEKISHO_LIB_EVENT_H

#include "packet.h"
#include "ring.h"
#include <bpf/bpf_endian.h>

/* A function of its own also because clang then describes struct event in BTF, against which the
 * agent's reading is tested. */
static __noinline int event_fill(struct event *event, const struct packet *p, __u8 type,
				 __u8 subtype)
{
	event->timestamp = p->now;
	event->source = p->tuple.source;
	event->destination = p->tuple.destination;
	event->packets = type == EVENT_TRACE ? p->report_packets : type == EVENT_DROP;
	event->bytes = type == EVENT_TRACE ? p->report_bytes : type == EVENT_DROP ? p->length : 0;
	event->source_identity = p->source_identity;
	event->destination_identity = p->destination_identity;
	event->endpoint = p->endpoint;
	event->rule_id = p->rule_id;
	event->other_rule_id = p->other_rule_id;
	event->source_port = bpf_ntohs(p->tuple.source_port);
	event->destination_port = bpf_ntohs(p->tuple.destination_port);
	event->type = type;
	event->subtype = subtype;
	event->protocol = p->tuple.protocol;
	event->tcp_flags = p->tcp_flags;
	event->icmp_type = p->icmp_type;
	event->icmp_code = p->icmp_code;
	event->flags = type == EVENT_POLICY_VERDICT ? p->flags & ~EVENT_OPENED : p->flags;
	event->verdict = type == EVENT_TRACE ? p->verdict : VERDICT_NONE;
	__builtin_memset(event->reserved, 0, sizeof(event->reserved));
	return 0;
}

/* Tells the agent about the packet; a full ring costs the event, never the packet. */
static __noinline void event_emit(struct __sk_buff *skb, struct packet *p, __u8 type,
				  __u8 subtype)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		event_lose(type == EVENT_TRACE && p->verdict ? 2 : 1);
		return;
	}
	packet_clock(p);
	event_fill(event, p, type, subtype);
	event->ifindex = skb->ifindex;
	bpf_ringbuf_submit(event, event_wakeup());
}

/* Tells what policy said of the packet, if that is not told yet and no trace event will. */
static __always_inline void verdict_tell(struct __sk_buff *skb, struct packet *p)
{
	__u8 verdict = p->verdict;

	if (!verdict)
		return;
	p->verdict = VERDICT_NONE;
	event_emit(skb, p, EVENT_POLICY_VERDICT, verdict >= VERDICT_AUDITED ? verdict : 0);
}

#endif
