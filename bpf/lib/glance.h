/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_GLANCE_H
#define SEKISHO_LIB_GLANCE_H

#include "address.h"
#include "packet.h"

#define IPV4_FRAGMENT_OFFSET 0x1fff

/* What a first look at a packet tells; enough to see that it is none of ours. */
struct glance {
	union address destination;
	__be16 port; /* destination port of TCP and UDP, zero if it takes a closer look */
	__u8 protocol;
	bool ipv6;
};

static __always_inline void glance_port(struct __sk_buff *skb, struct glance *g, __u32 offset)
{
	__be16 *ports;

	if (g->protocol != IPPROTO_TCP && g->protocol != IPPROTO_UDP)
		return;
	asm volatile("" ::: "memory"); /* the end read before, kept in a register, is no end to the verifier */
	ports = packet_bytes(skb, offset, 2 * sizeof(*ports));
	if (ports)
		g->port = ports[1];
}

static __always_inline bool glance_ipv4(struct __sk_buff *skb, struct glance *g)
{
	const struct iphdr *ip = packet_bytes(skb, ETH_HLEN, sizeof(*ip));

	if (!ip || ip->version != 4)
		return false;
	address_of_ipv4(&g->destination, ip->daddr);
	g->protocol = ip->protocol;
	if (ip->ihl == 5 && !(ip->frag_off & bpf_htons(IPV4_FRAGMENT_OFFSET)))
		glance_port(skb, g, ETH_HLEN + sizeof(*ip));
	return true;
}

static __always_inline bool glance_ipv6(struct __sk_buff *skb, struct glance *g)
{
	const struct ipv6hdr *ip = packet_bytes(skb, ETH_HLEN, sizeof(*ip));

	if (!ip || ip->version != 6)
		return false;
	address_of_ipv6(&g->destination, ip->daddr);
	g->protocol = ip->nexthdr;
	g->ipv6 = true;
	glance_port(skb, g, ETH_HLEN + sizeof(*ip));
	return true;
}

/* Whether the frame holds an IP packet that came to this machine. */
static __always_inline bool glance(struct __sk_buff *skb, struct glance *g)
{
	if (skb->pkt_type != PACKET_HOST || skb->vlan_present)
		return false;
	if (skb->protocol == bpf_htons(ETH_P_IP))
		return glance_ipv4(skb, g);
	return skb->protocol == bpf_htons(ETH_P_IPV6) && glance_ipv6(skb, g);
}

#endif
