/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_TOO_BIG_H
#define SEKISHO_LIB_TOO_BIG_H

#include "drop.h"
#include "packet.h"
#include <bpf/bpf_endian.h>

/* What the messages of both families share that tell a pod how much of its packet gets through, made
 * here: of ways that only outer packets take the node's stack knows nothing that it would tell a pod.
 * The packet goes back as the quote, from the gateway that all pods have. */

#define TOO_BIG_HOPS 64
/* Of the packet, as much as one call sums up; RFC 1812 section 4.3.2.3 wants no more than 548 behind
 * an IPv4 header, RFC 4443 no more than 1232. */
#define TOO_BIG_QUOTE 512
#define TOO_BIG_HEADER 8 /* of ICMP and ICMPv6, before the quote */

/* RFC 1071: the sum that goes into a header. */
static __always_inline __sum16 too_big_fold(__u64 sum)
{
	sum = (sum & 0xffff) + (sum >> 16 & 0xffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~(sum + (sum >> 16));
}

/* Shortens the packet, which is longer, to the quote and makes room for headers before it, bytes past
 * the Ethernet header; the quote, NULL if that cannot be. */
static __always_inline __be32 *too_big_quote(struct __sk_buff *skb, __u32 room)
{
	if (bpf_skb_change_tail(skb, ETH_HLEN + TOO_BIG_QUOTE, 0) ||
	    bpf_skb_adjust_room(skb, room, BPF_ADJ_ROOM_MAC, 0))
		return NULL;
	return packet_bytes(skb, ETH_HLEN + room, TOO_BIG_QUOTE);
}

/* Back to where the packet came from, with the frame up to the quote. */
static __always_inline int too_big_send(struct __sk_buff *skb, struct packet *p, const void *front,
					__u32 length)
{
	if (bpf_skb_store_bytes(skb, 0, front, length, 0))
		return -DROP_WRITE_ERROR;
	p->point = TO_STACK;
	return bpf_redirect_peer(skb->ifindex, 0);
}

/* MACs of the answer. */
static __always_inline void too_big_macs(__u8 *macs, const struct ethhdr *eth)
{
	__builtin_memcpy(macs, eth->h_source, ETH_ALEN);
	__builtin_memcpy(macs + ETH_ALEN, eth->h_dest, ETH_ALEN);
}

#endif
