/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_TOO_BIG_H
#define SEKISHO_LIB_TOO_BIG_H

#include "deliver.h"
#include "drop.h"
#include "packet.h"
#include <bpf/bpf_endian.h>

/* ICMPv6 packet too big, RFC 4443 section 3.2, made here: of ways that only outer packets take the
 * node's stack knows nothing that it would tell a pod. */

#define ICMPV6_TOO_BIG 2
#define TOO_BIG_HOPS 64
/* Of the packet, as much as one call sums up; RFC 4443 wants no more than 1232. */
#define TOO_BIG_QUOTE 512
#define TOO_BIG_BYTES (sizeof(struct too_big) - __builtin_offsetof(struct too_big, macs))
#define TOO_BIG_ROOM (TOO_BIG_BYTES - ETH_HLEN)
#define ICMPV6_HEADER 8

/* A frame up to the quoted packet, after a pad. */
struct too_big {
	__u16 pad;
	__u8 macs[2 * ETH_ALEN];
	__be16 ethernet_type;
	__be32 version;
	__be16 payload;
	__u8 next_header;
	__u8 hop_limit;
	union address source;
	union address destination;
	__u8 type;
	__u8 code;
	__sum16 check;
	__be32 mtu;
};

_Static_assert(sizeof(struct too_big) == 64, "layout");

/* To the packet's sender, from the gateway that all pods have. */
static __always_inline void too_big_fill(struct too_big *t, const struct packet *p,
					 const struct ethhdr *eth, __u32 mtu)
{
	__builtin_memcpy(t->macs, eth->h_source, ETH_ALEN);
	__builtin_memcpy(t->macs + ETH_ALEN, eth->h_dest, ETH_ALEN);
	t->ethernet_type = bpf_htons(ETH_P_IPV6);
	t->version = bpf_htonl(6 << 28);
	t->payload = bpf_htons(ICMPV6_HEADER + TOO_BIG_QUOTE);
	t->next_header = IPPROTO_ICMPV6;
	t->hop_limit = TOO_BIG_HOPS;
	t->source.words[0] = bpf_htonl(0xfe800000);
	t->source.words[3] = bpf_htonl(1);
	t->destination = p->tuple.source;
	t->type = ICMPV6_TOO_BIG;
	t->mtu = bpf_htonl(mtu);
}

/* RFC 8200 section 8.1, over the quote, too. */
static __always_inline __sum16 too_big_check(struct too_big *t, __be32 *quote)
{
	__u64 sum = bpf_csum_diff(NULL, 0, t->source.words, 2 * sizeof(t->source) + ICMPV6_HEADER,
				  bpf_htonl(ICMPV6_HEADER + TOO_BIG_QUOTE));

	sum = (__u32)bpf_csum_diff(NULL, 0, quote, TOO_BIG_QUOTE, sum) + (__u64)bpf_htonl(IPPROTO_ICMPV6);
	sum = (sum & 0xffff) + (sum >> 16 & 0xffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~(sum + (sum >> 16));
}

/* Tells the pod that sent the IPv6 packet how much of it gets through, bytes: it gets the packet back
 * as the quote. The packet is longer than the quote. */
static __noinline int too_big(struct __sk_buff *skb, struct packet *p, __u32 mtu)
{
	struct too_big t = {};
	struct ethhdr *eth = packet_bytes(skb, 0, sizeof(*eth));
	__be32 *quote;

	if (!p || !eth)
		return -DROP_INVALID_PACKET;
	too_big_fill(&t, p, eth, mtu);
	if (bpf_skb_change_tail(skb, ETH_HLEN + TOO_BIG_QUOTE, 0) ||
	    bpf_skb_adjust_room(skb, TOO_BIG_ROOM, BPF_ADJ_ROOM_MAC, 0))
		return -DROP_WRITE_ERROR;
	quote = packet_bytes(skb, TOO_BIG_BYTES, TOO_BIG_QUOTE);
	if (!quote)
		return -DROP_WRITE_ERROR;
	t.check = too_big_check(&t, quote);
	if (bpf_skb_store_bytes(skb, 0, t.macs, TOO_BIG_BYTES, 0))
		return -DROP_WRITE_ERROR;
	p->point = TO_STACK;
	return bpf_redirect_peer(skb->ifindex, 0);
}

#endif
