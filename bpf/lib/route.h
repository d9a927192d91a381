/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_ROUTE_H
#define SEKISHO_LIB_ROUTE_H

#include "config.h"
#include "drop.h"
#include "packet.h"

enum route {
	ROUTE_STACK,    /* another interface, no route, or a packet too long for it */
	ROUTE_UNDERLAY,
	ROUTE_UNDERLAY_MACS, /* the same, and the MACs are known */
};

/* What every route carries, RFC 791 section 3.2: asking for its own limit costs time. */
#define ROUTE_EVERYWHERE 576

/* A neighbour on the underlay. */
struct next_hop {
	struct bpf_redir_neigh neighbour;
	__u8 macs[2 * ETH_ALEN]; /* as in an Ethernet header towards him, if resolved */
	bool resolved;
};

/* What the kernel's routes say about the packet: enum route, or a negative reason. Of the underlay
 * next is the neighbour. */
static __always_inline int route_lookup(struct __sk_buff *skb, const struct packet *p,
					 struct next_hop *next)
{
	__u32 length = packet_wire_length(p, skb);
	struct bpf_fib_lookup fib = {
		.family = p->ipv6 ? AF_INET6 : AF_INET,
		.l4_protocol = p->tuple.protocol,
		.sport = p->tuple.source_port,
		.dport = p->tuple.destination_port,
		.tot_len = length > ROUTE_EVERYWHERE ? length : 0,
		.ifindex = skb->ifindex,
	};
	long found;

	if (p->ipv6) {
		__builtin_memcpy(fib.ipv6_src, p->tuple.source.words, sizeof(fib.ipv6_src));
		__builtin_memcpy(fib.ipv6_dst, p->tuple.destination.words, sizeof(fib.ipv6_dst));
	} else {
		fib.ipv4_src = p->tuple.source.words[3];
		fib.ipv4_dst = p->tuple.destination.words[3];
	}
	found = bpf_fib_lookup(skb, &fib, sizeof(fib), 0);
	if (found == BPF_FIB_LKUP_RET_BLACKHOLE || found == BPF_FIB_LKUP_RET_UNREACHABLE ||
	    found == BPF_FIB_LKUP_RET_PROHIBIT)
		return -DROP_FIB_LOOKUP;
	if (found != BPF_FIB_LKUP_RET_SUCCESS && found != BPF_FIB_LKUP_RET_NO_NEIGH)
		return ROUTE_STACK;
	if (!config.underlay_ifindex || fib.ifindex != config.underlay_ifindex)
		return ROUTE_STACK;
	next->neighbour.nh_family = fib.family;
	__builtin_memcpy(next->neighbour.ipv6_nh, fib.ipv6_dst, sizeof(fib.ipv6_dst));
	next->resolved = found == BPF_FIB_LKUP_RET_SUCCESS;
	__builtin_memcpy(next->macs, fib.dmac, ETH_ALEN);
	__builtin_memcpy(next->macs + ETH_ALEN, fib.smac, ETH_ALEN);
	return ROUTE_UNDERLAY;
}

#endif
