/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_WAY_H
#define SEKISHO_LIB_WAY_H

#include "address.h"
#include "drop.h"
#include "packet.h"
#include "route.h"

/* How much of a packet the IPv6 way to another node carries. Nobody on the way cuts an outer IPv6 packet. */

/* What every link carries that carries IPv6, RFC 8200 section 5, and what it leaves for a pod's packet. */
#define MTU_EVERYWHERE 1280
#define OUTER_IPV6 70 /* IPv6 40, UDP 8, VXLAN or Geneve 8, the inner Ethernet header 14 */
#define LEFT_EVERYWHERE (MTU_EVERYWHERE - OUTER_IPV6)

/* What the kernel knows of the way to the node itself leaves for a packet that does not get through it,
 * bytes; 0: it does. The kernel is told of a narrow hop by the first outer packet that it stops, so this
 * is known before the agent has made its routes, and for what goes to a node itself, to which no such
 * route leads. */
static __noinline __u32 left_by_way(struct __sk_buff *skb, const struct packet *p,
				    const union address *node)
{
	struct bpf_fib_lookup fib = {};
	__u32 length = packet_wire_length(p, skb);
	struct tuple outer = {.destination = *node, .protocol = IPPROTO_UDP};

	if (length <= LEFT_EVERYWHERE)
		return 0;
	route_question(&fib, skb, &outer, true, length + OUTER_IPV6);
	if (bpf_fib_lookup(skb, &fib, sizeof(fib), 0) != BPF_FIB_LKUP_RET_FRAG_NEEDED)
		return 0;
	return fib.mtu_result < MTU_EVERYWHERE ? LEFT_EVERYWHERE : fib.mtu_result - OUTER_IPV6;
}

/* Whether nobody may be told of a packet that is too long: no sender of IPv6 takes a smaller MTU. */
static __always_inline bool is_beyond_telling(const struct __sk_buff *skb, const struct packet *p)
{
	return p->ipv6 && packet_wire_length(p, skb) <= MTU_EVERYWHERE;
}

/* Whether the device would lose what the stack sends to the node, and nobody would be told: from longer
 * packets the stack itself learns, for the device tells it. */
static __always_inline bool is_lost_on_way(struct __sk_buff *skb, const struct packet *p,
					   const union address *node)
{
	return !address_is_ipv4(node) && is_beyond_telling(skb, p) && left_by_way(skb, p, node);
}

#endif
