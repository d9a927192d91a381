/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_ROUTE_H
#define SEKISHO_LIB_ROUTE_H

#include "config.h"
#include "drop.h"
#include "packet.h"
#include "uplink.h"

enum route {
	ROUTE_STACK,    /* another interface, no route, or a packet too long for it */
	ROUTE_UNDERLAY,
	ROUTE_UPLINK,
	ROUTE_RECALLED, /* one of both, and the MACs are known */
};

/* What every route carries, RFC 791 section 3.2: asking for its own limit costs time. */
#define ROUTE_EVERYWHERE 576

/* A neighbour on the underlay or on an uplink. */
struct next_hop {
	struct bpf_redir_neigh neighbour;
	__u32 ifindex; /* of the device */
	__u8 macs[2 * ETH_ALEN]; /* as in an Ethernet header towards him, if resolved */
	bool resolved;
	__u16 mtu; /* of the route, bytes, if a length was asked of */
};

/* The question to the kernel's routes about a packet of the tuple; length 0: not asked. */
static __always_inline void route_question(struct bpf_fib_lookup *fib, const struct __sk_buff *skb,
					   const struct tuple *tuple, bool ipv6, __u32 length)
{
	fib->family = ipv6 ? AF_INET6 : AF_INET;
	fib->l4_protocol = tuple->protocol;
	fib->sport = tuple->source_port;
	fib->dport = tuple->destination_port;
	fib->tot_len = length;
	fib->ifindex = skb->ifindex;
	if (ipv6) {
		__builtin_memcpy(fib->ipv6_src, tuple->source.words, sizeof(fib->ipv6_src));
		__builtin_memcpy(fib->ipv6_dst, tuple->destination.words, sizeof(fib->ipv6_dst));
	} else {
		fib->ipv4_src = tuple->source.words[3];
		fib->ipv4_dst = tuple->destination.words[3];
	}
}

/* What the kernel's routes say about a packet of the tuple and length: enum route, or a negative reason.
 * Of the underlay and uplinks next is the neighbour. Length 0: not asked. */
static __always_inline int route_of(struct __sk_buff *skb, const struct tuple *tuple, bool ipv6,
				    __u32 length, struct next_hop *next)
{
	struct bpf_fib_lookup fib = {};
	long found;

	route_question(&fib, skb, tuple, ipv6, length);
	found = bpf_fib_lookup(skb, &fib, sizeof(fib), 0);
	if (found == BPF_FIB_LKUP_RET_BLACKHOLE || found == BPF_FIB_LKUP_RET_UNREACHABLE ||
	    found == BPF_FIB_LKUP_RET_PROHIBIT)
		return -DROP_FIB_LOOKUP;
	if (found != BPF_FIB_LKUP_RET_SUCCESS && found != BPF_FIB_LKUP_RET_NO_NEIGH)
		return ROUTE_STACK;
	if (fib.ifindex != config.underlay_ifindex && !uplink_of(fib.ifindex))
		return ROUTE_STACK;
	next->ifindex = fib.ifindex;
	next->neighbour.nh_family = fib.family;
	__builtin_memcpy(next->neighbour.ipv6_nh, fib.ipv6_dst, sizeof(fib.ipv6_dst));
	next->resolved = found == BPF_FIB_LKUP_RET_SUCCESS;
	next->mtu = fib.mtu_result;
	__builtin_memcpy(next->macs, fib.dmac, ETH_ALEN);
	__builtin_memcpy(next->macs + ETH_ALEN, fib.smac, ETH_ALEN);
	return fib.ifindex == config.underlay_ifindex ? ROUTE_UNDERLAY : ROUTE_UPLINK;
}

/* What the kernel's routes say about the packet, as route_of. */
static __always_inline int route_lookup(struct __sk_buff *skb, const struct packet *p,
					 struct next_hop *next)
{
	__u32 length = packet_wire_length(p, skb);

	return route_of(skb, &p->tuple, p->ipv6, length > ROUTE_EVERYWHERE ? length : 0, next);
}

#endif
