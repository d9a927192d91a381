/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_UNDERLAY_H
#define SEKISHO_LIB_UNDERLAY_H

#include "address.h"
#include "deliver.h"
#include "packet.h"
#include "maps/routes.h"
#include "route.h"

/* How long the kernel's routes are not asked again for the same way: a change of routes takes so much
 * longer to be followed, and so does one of a neighbour's MAC. */
#define ROUTE_LIFETIME 10000000ULL

/* In the byte of a tuple that no packet has: entries of programs that knew no MACs have zero, of those
 * that knew only the underlay 1 and 2. */
#define ROUTE_OF_TUNNEL 3 /* between two nodes, lib/outer.h */
#define ROUTE_BY_TUPLE 4
#define ROUTE_BY_ADDRESSES 5

/* struct route_entry.family of one that holds MACs in place of an address. */
#define ROUTE_MACS 0

static __always_inline bool tuple_equal(const struct tuple *a, const struct tuple *b)
{
	return address_equal(&a->source, &b->source) &&
	       address_equal(&a->destination, &b->destination) &&
	       *(const __u64 *)&a->source_port == *(const __u64 *)&b->source_port;
}

/* What of the packet the kernel's routes look at: all of the tuple, but ports only if a rule or the
 * choice between several ways may. */
static __always_inline void route_key(struct tuple *key, const struct packet *p)
{
	__u32 zero = 0, *ports = bpf_map_lookup_elem(&route_ports, &zero);

	*key = p->tuple;
	key->reserved = ROUTE_BY_TUPLE;
	if (!ports || *ports != ROUTE_PORTS_IGNORED)
		return;
	key->source_port = key->destination_port = 0;
	key->icmp_type = 0;
	key->reserved = ROUTE_BY_ADDRESSES;
}

/* The place of the key among the ways known. */
static __always_inline struct route_entry *route_place(const struct tuple *key)
{
	__u32 hash = key->source.words[3] ^ key->destination.words[3] ^ key->source_port ^
		     (__u32)key->destination_port << 8;
	__u32 place;

	hash ^= hash >> 16;
	place = (hash ^ hash >> 8) & (ROUTES_ENTRIES - 1);
	return bpf_map_lookup_elem(&routes, &place);
}

/* Whether frames to the neighbour begin with MACs; those of uplinks always do. */
static __always_inline bool route_has_macs(const struct next_hop *next)
{
	return (config.flags & NODE_ETHERNET) || next->ifindex != config.underlay_ifindex;
}

static __always_inline void route_note(const struct packet *p, const struct tuple *key,
				       const struct next_hop *next, struct route_entry *entry)
{
	entry->tuple = *key;
	entry->until = p->now + ROUTE_LIFETIME;
	entry->ifindex = next->ifindex;
	if (next->resolved && route_has_macs(next)) {
		entry->family = ROUTE_MACS;
		__builtin_memcpy(&entry->next, next->macs, sizeof(next->macs));
	} else {
		entry->family = next->neighbour.nh_family;
		__builtin_memcpy(&entry->next, next->neighbour.ipv6_nh, sizeof(entry->next));
	}
}

/* The same as route_lookup, which costs more than all else of the way. Short packets are those that every
 * route carries. The one that asks goes by the neighbour, so that the kernel sees to it that his MAC
 * is true; the others of the next milliseconds take that. */
static __always_inline int route_recall(struct __sk_buff *skb, const struct packet *p,
					struct next_hop *next)
{
	struct route_entry *known;
	struct tuple key;
	int route;

	if (packet_wire_length(p, skb) > ROUTE_EVERYWHERE)
		return route_lookup(skb, p, next);
	route_key(&key, p);
	known = route_place(&key);
	if (known && known->until > p->now && tuple_equal(&known->tuple, &key)) {
		next->ifindex = known->ifindex;
		if (known->family == ROUTE_MACS) {
			__builtin_memcpy(next->macs, &known->next, sizeof(next->macs));
			return ROUTE_RECALLED;
		}
		next->neighbour.nh_family = known->family;
		__builtin_memcpy(next->neighbour.ipv6_nh, &known->next, sizeof(known->next));
		return ROUTE_UNDERLAY;
	}
	route = route_lookup(skb, p, next);
	if (known && (route == ROUTE_UNDERLAY || route == ROUTE_UPLINK))
		route_note(p, &key, next, known);
	return route;
}

/* To the outside: straight to the neighbour on the underlay or an uplink; the stack gets what it alone can
 * do, which is groups, every other interface, fragmentation, and saying that there is no route. A route
 * that refuses is a drop (169). */
static __noinline int route_outside(struct __sk_buff *skb, struct packet *p)
{
	struct next_hop next = {};
	int reason, route;

	if (address_is_group(&p->tuple.destination) || (p->fragment_flags & FRAGMENT_BY_STACK))
		return to_stack(p);
	route = route_recall(skb, p, &next);
	if (route < 0)
		return route;
	if (route == ROUTE_STACK)
		return to_stack(p);
	p->point = TO_NETWORK;
	if (route == ROUTE_RECALLED) {
		reason = readdress(skb, p, next.macs);
		return reason ? reason : bpf_redirect(next.ifindex, 0);
	}
	reason = count_hop(skb, p);
	if (reason)
		return reason;
	return bpf_redirect_neigh(next.ifindex, &next.neighbour, sizeof(next.neighbour), 0);
}

#endif
