/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_ENCAP_H
#define SEKISHO_LIB_ENCAP_H

#include "config.h"
#include "deliver.h"
#include "drop.h"
#include "identity.h"
#include "mark.h"
#include "outer.h"
#include "packet.h"
#include "route.h"
#include "too_big_ipv4.h"
#include "too_big_ipv6.h"
#include "tunnel.h"
#include "way.h"

/* Whether the route to the pod's range says so. What the kernel learns of a narrow way (it is told:
 * packet too big) ends at the device, so the agent gives the ranges of the node at its end a route with
 * the MTU that is left, for us and for the stack. */
static __noinline bool too_long_for_way(struct __sk_buff *skb, const struct packet *p)
{
	struct bpf_fib_lookup fib = {};

	route_question(&fib, skb, &p->tuple, p->ipv6, packet_wire_length(p, skb));
	return bpf_fib_lookup(skb, &fib, sizeof(fib), 0) == BPF_FIB_LKUP_RET_FRAG_NEEDED;
}

/* Whether the packet, or a segment of a super-packet, is longer than the overlay device takes. Not asked
 * of what goes to a node itself: the stack would route that past the overlay, so it is carried anyway,
 * and an outer IPv4 packet is cut. */
static __always_inline bool too_long(struct __sk_buff *skb, const struct packet *p,
				     const union address *node)
{
	bool ipv4 = address_is_ipv4(node);
	__u32 mtu = 0;

	if (p->length <= (ipv4 ? MTU_EVERYWHERE : LEFT_EVERYWHERE) ||
	    is_remote_node(p->destination_identity))
		return false;
	if (bpf_check_mtu(skb, config.overlay_ifindex, &mtu, 0,
			  skb->gso_size ? BPF_MTU_CHK_SEGS : 0))
		return true;
	return !ipv4 && too_long_for_way(skb, p);
}

/* A pod's packet of which the way leaves so much: the pod is told, or where that cannot be, because it
 * asks for no answer (IPv4 without "don't fragment", which only the stack could cut, if it had the route)
 * or takes none, the packet is dropped. */
static __noinline int refuse_too_long(struct __sk_buff *skb, struct packet *p, __u32 left)
{
	if (!p)
		return -DROP_INVALID_PACKET;
	if (p->ipv6)
		return is_beyond_telling(skb, p) ? -DROP_FRAGMENTATION :
		       too_big_ipv6(skb, p, left < MTU_EVERYWHERE ? MTU_EVERYWHERE : left);
	return must_stay_whole(skb) ? too_big_ipv4(skb, p, left) : -DROP_FRAGMENTATION;
}

/* Through the overlay to the node. What is too long goes to the stack, which tells the sender, or cuts
 * the packet and routes the pieces into the overlay. */
static __noinline int encap(struct __sk_buff *skb, struct packet *p, const union address *node)
{
	__u32 left;
	int reason;

	if (!config.overlay_ifindex)
		return -DROP_NO_TUNNEL;
	if ((p->fragment_flags & FRAGMENT_BY_STACK) || too_long(skb, p, node))
		return to_stack(p);
	left = address_is_ipv4(node) ? 0 : left_by_way(skb, p, node);
	if (left)
		return refuse_too_long(skb, p, left);
	if (p->source_identity > TUNNEL_ID_MAX)
		return -DROP_INVALID_IDENTITY;
	reason = outer_send(skb, p, node);
	if (reason)
		return reason;
	reason = tunnel_to(skb, p, node);
	if (reason)
		return reason;
	reason = count_hop(skb, p);
	if (reason)
		return reason;
	mark_set(skb, MARK_ENCAPSULATED);
	p->point = TO_OVERLAY;
	return bpf_redirect(config.overlay_ifindex, 0);
}

#endif
