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
#include "too_big.h"
#include "tunnel.h"

/* What every link carries that carries IPv6, RFC 8200 section 5: not worth asking the device. */
#define MTU_EVERYWHERE 1280
#define OUTER_IPV6 70 /* IPv6 40, UDP 8, VXLAN or Geneve 8, the inner Ethernet header 14 */

/* Whether the route to the pod's range says so. Nobody on the way cuts an outer IPv6 packet, and what
 * the kernel learns of a narrow way (it is told: packet too big) ends at the device, so the agent gives
 * the ranges of the node at its end a route with the MTU that is left, for us and for the stack. */
static __noinline bool too_long_for_way(struct __sk_buff *skb, const struct packet *p)
{
	struct bpf_fib_lookup fib = {};

	route_question(&fib, skb, &p->tuple, p->ipv6, packet_wire_length(p, skb));
	return bpf_fib_lookup(skb, &fib, sizeof(fib), 0) == BPF_FIB_LKUP_RET_FRAG_NEEDED;
}

/* What the kernel knows of the way to the node itself leaves for an IPv6 packet that does not get through
 * it, bytes; 0: it does, or nobody may be asked for a shorter one. The kernel is told of a narrow hop
 * by the first outer packet that it stops, so this is known before the agent has made its routes, and for
 * what goes to a node itself, to which no such route leads. */
static __noinline __u32 left_by_way(struct __sk_buff *skb, const struct packet *p,
				    const union address *node)
{
	struct bpf_fib_lookup fib = {};
	__u32 length = packet_wire_length(p, skb), mtu;
	struct tuple outer = {.destination = *node, .protocol = IPPROTO_UDP};

	if (!p->ipv6 || length <= MTU_EVERYWHERE)
		return 0;
	route_question(&fib, skb, &outer, true, length + OUTER_IPV6);
	if (bpf_fib_lookup(skb, &fib, sizeof(fib), 0) != BPF_FIB_LKUP_RET_FRAG_NEEDED)
		return 0;
	mtu = fib.mtu_result < MTU_EVERYWHERE + OUTER_IPV6 ? MTU_EVERYWHERE
							     : fib.mtu_result - OUTER_IPV6;
	return length > mtu ? mtu : 0;
}

/* Whether the packet, or a segment of a super-packet, is longer than the overlay device takes. Not asked
 * of what goes to a node itself: the stack would route that past the overlay, so it is carried anyway,
 * and an outer IPv4 packet is cut. */
static __always_inline bool too_long(struct __sk_buff *skb, const struct packet *p,
				     const union address *node)
{
	bool ipv4 = address_is_ipv4(node);
	__u32 mtu = 0;

	if (p->length <= (ipv4 ? MTU_EVERYWHERE : MTU_EVERYWHERE - OUTER_IPV6) ||
	    is_remote_node(p->destination_identity))
		return false;
	if (bpf_check_mtu(skb, config.overlay_ifindex, &mtu, 0,
			  skb->gso_size ? BPF_MTU_CHK_SEGS : 0))
		return true;
	return !ipv4 && too_long_for_way(skb, p);
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
		return too_big(skb, p, left);
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
