/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_ENCAP_H
#define SEKISHO_LIB_ENCAP_H

#include "config.h"
#include "deliver.h"
#include "drop.h"
#include "mark.h"
#include "outer.h"
#include "packet.h"
#include "tunnel.h"

/* What every link carries that carries IPv6, RFC 8200 section 5: not worth asking the device. */
#define MTU_EVERYWHERE 1280

/* Whether the packet, or a segment of a super-packet, is longer than the overlay device takes. Not asked
 * of what goes to a node itself: the stack would route that past the overlay, so it is carried anyway,
 * and the outer packet is cut. */
static __always_inline bool too_long(struct __sk_buff *skb, const struct packet *p)
{
	__u32 mtu = 0;

	if (p->length <= MTU_EVERYWHERE || p->destination_identity == IDENTITY_REMOTE_NODE)
		return false;
	return bpf_check_mtu(skb, config.overlay_ifindex, &mtu, 0,
			     skb->gso_size ? BPF_MTU_CHK_SEGS : 0);
}

/* Through the overlay to the node. What is too long goes to the stack, which tells the sender, or cuts
 * the packet and routes the pieces into the overlay. */
static __noinline int encap(struct __sk_buff *skb, struct packet *p, const union address *node)
{
	int reason;

	if (!config.overlay_ifindex)
		return -DROP_NO_TUNNEL;
	if ((p->fragment_flags & FRAGMENT_BY_STACK) || too_long(skb, p))
		return to_stack(p);
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
