/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_PACKET_H
#define SEKISHO_LIB_PACKET_H

#include "types.h"
#include <bpf/bpf_helpers.h>

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

enum fragment_kind {
	FRAGMENT_NONE = 0, /* a whole packet */
	FRAGMENT_FIRST = 1,
	FRAGMENT_LATER = 2, /* has no layer 4 header: ports, types and ids are the first one's */
};

/* What a program knows of the packet in its hands: one on the stack of each program. */
struct packet {
	/* Written by parse.h. */
	struct tuple tuple;    /* as the packet says */
	struct tuple reversed; /* as the packet that it answers would say */
	__u64 now;             /* ns; of the last tick until packet_clock() */
	__u32 length;          /* of layer 3, bytes */
	__u16 l4_offset;       /* from the start of the frame */
	__be16 policy_port;    /* destination port or ICMP type */
	__u8 ipv6;
	__u8 hop_limit;
	__u8 tcp_flags;
	__u8 icmp_type;
	__u8 icmp_code;
	__u8 l4_header;   /* bytes of a TCP or UDP header */
	__u8 icmp_error;  /* carries the head of another packet */
	__u8 opens;       /* TCP SYN without ACK: never a reply */
	__u8 reply_first; /* rather a reply: look for that first */
	__u8 translated;  /* the node's address gave way to the pod's: answers, and opens nothing */
	__u8 not_traffic; /* ARP, neighbour discovery, multicast listeners: for the stack */
	__u8 fragment;    /* enum fragment_kind */
	__u8 fragment_flags; /* enum fragment_flag, of the first one */
	__u16 fragment_offset; /* of its content in the packet's, in units of 8 bytes */
	__u16 fragment_start;  /* of its content in the frame */
	__be32 fragment_id;

	/* Written by enforce.h for the event. */
	__u8 direction; /* of the packet at the endpoint that decided last */
	__u8 report;    /* the connection is due for a trace event */
	__u8 point;     /* enum observation_point, where the packet goes */
	__u8 by_stack;  /* came from another device by the stack; replies: must go that way */
	__u8 clock;     /* now is no tick's time */
	__u16 flags;    /* enum event_flag */
	__u8 verdict;   /* enum verdict, not told yet */
	__u32 source_identity;
	__u32 destination_identity;
	__u32 endpoint;
	__u32 rule_id;
	__u32 other_rule_id;
	__u64 report_packets;
	__u64 report_bytes;
};

/* Start of a packet's walk: whatever goes wrong next, its direction and length count right. The time is
 * that of the last tick, at most 10 ms ago: a clock's counter costs five times as much to read. */
static __always_inline void packet_start(struct packet *p, struct __sk_buff *skb, __u8 direction)
{
	p->now = bpf_ktime_get_coarse_ns();
	p->direction = direction;
	p->flags = direction == EGRESS ? EVENT_EGRESS : 0;
	p->length = skb->len > ETH_HLEN ? skb->len - ETH_HLEN : 0;
}

/* The time itself, for whoever tells it: read once for each packet that is told of. */
static __always_inline void packet_clock(struct packet *p)
{
	if (p->clock)
		return;
	p->now = bpf_ktime_get_ns();
	p->clock = true;
}

/* ns from then to now; no more than a tick below zero, for then may have been told by packet_clock. */
static __always_inline __s64 packet_age(const struct packet *p, __u64 then)
{
	return p->now - then;
}

/* Length of the longest packet on the wire that comes of it: a super-packet (GSO) is cut. */
static __always_inline __u32 packet_wire_length(const struct packet *p, const struct __sk_buff *skb)
{
	return skb->gso_size ? p->l4_offset - ETH_HLEN + p->l4_header + skb->gso_size : p->length;
}

/* No header begins farther than this from the start of a frame; the verifier wants to see it. */
#define FRAME_OFFSET_MASK 0x3fff

/* length bytes at offset of the frame, readable by pointer; NULL if the frame is shorter. Pulls them
 * into the linear part when they are not there; that makes older packet pointers invalid. */
static __always_inline void *packet_bytes(struct __sk_buff *skb, __u32 offset, __u32 length)
{
	void *start;

	offset &= FRAME_OFFSET_MASK;
	start = (void *)(long)skb->data + offset;
	if (start + length <= (void *)(long)skb->data_end)
		return start;
	if (skb->len < offset + length || bpf_skb_pull_data(skb, offset + length))
		return NULL;
	start = (void *)(long)skb->data + offset;
	return start + length <= (void *)(long)skb->data_end ? start : NULL;
}

#endif
