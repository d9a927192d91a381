/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_HOST_NETDEV_H
#define SEKISHO_LIB_HOST_NETDEV_H

#include "finish.h"
#include "fragment.h"
#include "glance.h"
#include "host.h"
#include "parse.h"
#include "spoof.h"
#include "uplink.h"

/* The node's own traffic on the underlay and on uplinks. */

static __always_inline bool is_ip(const struct __sk_buff *skb)
{
	return !skb->vlan_present && (skb->protocol == bpf_htons(ETH_P_IP) ||
				      skb->protocol == bpf_htons(ETH_P_IPV6));
}

/* To everybody on the link, or to a group: the node's stack takes it, or nobody. */
static __always_inline bool is_to_group(const struct __sk_buff *skb)
{
	return (skb->pkt_type == PACKET_BROADCAST || skb->pkt_type == PACKET_MULTICAST) && is_ip(skb);
}

/* Whether the packet ends here: the programs know the node's addresses on the underlay, the kernel's
 * routes all others. */
static __noinline bool ends_here(struct __sk_buff *skb, const struct glance *g)
{
	struct bpf_fib_lookup fib = {
		.family = g->ipv6 ? AF_INET6 : AF_INET,
		.l4_protocol = g->protocol,
		.ifindex = skb->ifindex,
	};
	long found;

	if (is_node_address(&g->destination))
		return true;
	if (g->ipv6)
		__builtin_memcpy(fib.ipv6_dst, g->destination.words, sizeof(fib.ipv6_dst));
	else
		fib.ipv4_dst = g->destination.words[3];
	found = bpf_fib_lookup(skb, &fib, sizeof(fib), 0);
	return found == BPF_FIB_LKUP_RET_NOT_FWDED || found == BPF_FIB_LKUP_RET_FWD_DISABLED;
}

static __always_inline int walk_to_host(struct __sk_buff *skb, struct packet *p, int broken)
{
	int reason;

	p->destination_identity = IDENTITY_HOST;
	if (broken && broken != -DROP_UNKNOWN_L4_PROTOCOL)
		return broken;
	reason = host_identify(p);
	if (reason)
		return reason;
	if (!broken)
		fragment_note(p);
	p->point = TO_HOST;
	return host_enforce(skb, p, INGRESS, p->source_identity, broken);
}

/* What comes for the node itself; tunnels do not come here. */
static __always_inline int host_in(struct __sk_buff *skb, struct packet *p)
{
	int broken;

	__builtin_memset(p, 0, sizeof(*p));
	packet_start(p, skb, INGRESS);
	broken = parse(skb, p);
	if (host_leaves_alone(p, broken))
		return TC_ACT_OK;
	return finish(skb, p, walk_to_host(skb, p, broken));
}

/* A tunnel between nodes; from_overlay and to_overlay speak of what is in it. */
static __always_inline bool is_tunnel_of_nodes(const struct packet *p)
{
	return forges_tunnel(p) && is_remote_node(p->destination_identity);
}

/* The address from which an IP packet comes; zero if it cannot be read. */
static __always_inline void glance_source(struct __sk_buff *skb, union address *source)
{
	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		const struct iphdr *ip = packet_bytes(skb, ETH_HLEN, sizeof(*ip));

		if (ip)
			address_of_ipv4(source, ip->saddr);
	} else {
		const struct ipv6hdr *ip = packet_bytes(skb, ETH_HLEN, sizeof(*ip));

		if (ip)
			address_of_ipv6(source, ip->saddr);
	}
}

/* Whether the packet was made here, or bears the node's address; all else is only forwarded. */
static __always_inline bool begins_here(struct __sk_buff *skb)
{
	union address source = {};

	if (!skb->ingress_ifindex)
		return true;
	glance_source(skb, &source);
	return is_own_address(&source);
}

/* What leaves the node without being a pod's. */
static __noinline int host_out(struct __sk_buff *skb, struct packet *p)
{
	int broken, reason;

	if (!is_ip(skb) || !begins_here(skb))
		return TC_ACT_OK;
	__builtin_memset(p, 0, sizeof(*p));
	packet_start(p, skb, EGRESS);
	broken = parse(skb, p);
	if (host_leaves_alone(p, broken))
		return TC_ACT_OK;
	p->source_identity = IDENTITY_HOST;
	p->destination_identity = identity_of(ipcache_of(&p->tuple.destination));
	if (!broken && is_tunnel_of_nodes(p))
		return TC_ACT_OK;
	p->point = TO_NETWORK;
	reason = broken;
	if (!broken)
		fragment_note(p);
	if (!broken || broken == -DROP_UNKNOWN_L4_PROTOCOL)
		reason = host_enforce(skb, p, EGRESS, p->destination_identity, broken);
	return finish(skb, p, reason);
}

#endif
