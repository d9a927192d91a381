/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_UNDERLAY_H
#define SEKISHO_LIB_UNDERLAY_H

#include "address.h"
#include "deliver.h"
#include "packet.h"
#include "maps/routes.h"
#include "route.h"

/* How long the kernel's routes are not asked again for the same tuple: a change of routes takes so much
 * longer to be followed. */
#define ROUTE_LIFETIME 10000000ULL

static __always_inline bool tuple_equal(const struct tuple *a, const struct tuple *b)
{
	return address_equal(&a->source, &b->source) &&
	       address_equal(&a->destination, &b->destination) &&
	       *(const __u64 *)&a->source_port == *(const __u64 *)&b->source_port;
}

/* The place of the tuple among the ways known. */
static __always_inline struct route_entry *route_place(const struct tuple *t)
{
	__u32 hash = t->source.words[3] ^ t->destination.words[3] ^ t->source_port ^
		     (__u32)t->destination_port << 8;
	__u32 place;

	hash ^= hash >> 16;
	place = (hash ^ hash >> 8) & (ROUTES_ENTRIES - 1);
	return bpf_map_lookup_elem(&routes, &place);
}

/* The same as route_lookup, which costs more than all else of the way. Rules may look at every part of
 * the tuple; short packets are those that every route carries. */
static __always_inline int route_recall(struct __sk_buff *skb, const struct packet *p,
					struct bpf_redir_neigh *next)
{
	struct route_entry *known = route_place(&p->tuple);
	int route;

	if (!known || packet_wire_length(p, skb) > ROUTE_EVERYWHERE)
		return route_lookup(skb, p, next);
	if (known->until > p->now && tuple_equal(&known->tuple, &p->tuple)) {
		next->nh_family = known->family;
		__builtin_memcpy(next->ipv6_nh, known->next.words, sizeof(next->ipv6_nh));
		return ROUTE_UNDERLAY;
	}
	route = route_lookup(skb, p, next);
	if (route != ROUTE_UNDERLAY)
		return route;
	known->tuple = p->tuple;
	known->family = next->nh_family;
	__builtin_memcpy(known->next.words, next->ipv6_nh, sizeof(known->next.words));
	known->until = p->now + ROUTE_LIFETIME;
	return route;
}

/* To the outside: straight to the neighbour on the underlay; the stack gets what it alone can do,
 * which is groups, every other interface, fragmentation, and saying that there is no route. A route
 * that refuses is a drop (169). */
static __noinline int route_outside(struct __sk_buff *skb, struct packet *p)
{
	struct bpf_redir_neigh next = {};
	int reason, route;

	if (address_is_group(&p->tuple.destination) || (p->fragment_flags & FRAGMENT_BY_STACK))
		return to_stack(p);
	route = route_recall(skb, p, &next);
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
