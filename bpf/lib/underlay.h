/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_UNDERLAY_H
#define SEKISHO_LIB_UNDERLAY_H

#include "address.h"
#include "deliver.h"
#include "packet.h"
#include "route.h"

/* To the outside: straight to the neighbour on the underlay; the stack gets what it alone can do,
 * which is groups, every other interface, fragmentation, and saying that there is no route. A route
 * that refuses is a drop (169). */
static __noinline int route_outside(struct __sk_buff *skb, struct packet *p)
{
	struct bpf_redir_neigh next = {};
	int reason, route;

	if (address_is_group(&p->tuple.destination) || (p->fragment_flags & FRAGMENT_BY_STACK))
		return to_stack(p);
	route = route_lookup(skb, p, &next);
	if (route < 0)
		return route;
	if (route == ROUTE_STACK)
		return to_stack(p);
	reason = count_hop(skb, p);
	if (reason)
		return reason;
	p->point = TO_NETWORK;
	return bpf_redirect_neigh(config.underlay_ifindex, &next, sizeof(next), 0);
}

#endif
