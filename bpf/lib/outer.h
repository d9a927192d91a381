/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_OUTER_H
#define SEKISHO_LIB_OUTER_H

#include "config.h"
#include "deliver.h"
#include "packet.h"
#include "tunnel.h"
#include "underlay.h"

/* The outer headers of a tunnel between two IPv4 addresses, made here. The overlay device makes them
 * too, but asks the kernel's routes about each packet whose tunnel a program has set, and sends it
 * through the stack once more. What is not plain goes by the device. */

#define VXLAN_VALID_ID 0x0800  /* RFC 7348 section 5, the first half of the header */
#define GENEVE_ETHERNET 0x6558 /* RFC 8926 section 3.4, its second quarter; no options */
#define IPV4_NO_OPTIONS 0x45
#define ECN 3 /* RFC 3168 section 5 */
#define ECN_ECT_0 2
#define ECN_CE 3
/* Where the device takes source ports from: net.ipv4.ip_local_port_range as the kernel begins. */
#define SOURCE_PORT_FIRST 32768
#define SOURCE_PORTS 28232

/* A frame of a tunnel up to the inner frame; 50 bytes. */
struct outer {
	__u8 macs[2 * ETH_ALEN];
	__be16 ethernet_type;
	__u8 version;
	__u8 tos;
	__be16 length;
	__be16 id;
	__be16 fragment;
	__u8 ttl;
	__u8 protocol;
	__sum16 check;
	__be16 source[2];
	__be16 destination[2];
	__be16 source_port;
	__be16 destination_port;
	__be16 udp_length;
	__sum16 udp_check; /* zero is none, RFC 7348 section 5, RFC 8926 section 3.3 */
	__be16 tunnel[4];
};

_Static_assert(sizeof(struct outer) == 50, "layout");

/* What is written anew, 76 bytes after the pad; of IPv6 what is past the inner Ethernet header stays. */
struct outer_front {
	__u16 pad; /* the four bytes of inner.between lie together so */
	struct outer outer;
	struct ipv4_front inner;
};

_Static_assert(__builtin_offsetof(struct outer_front, inner) ==
		       __builtin_offsetof(struct outer_front, outer) + sizeof(struct outer),
	       "layout");

#define OUTER_FRONT_IPV6 (sizeof(struct outer) + ETH_HLEN)
#define OUTER_FRONT_IPV4 (sizeof(struct outer) + IPV4_FRONT)

#define OUTER_ROOM                                                                                \
	(BPF_F_ADJ_ROOM_FIXED_GSO | BPF_F_ADJ_ROOM_ENCAP_L3_IPV4 | BPF_F_ADJ_ROOM_ENCAP_L4_UDP |   \
	 BPF_F_ADJ_ROOM_ENCAP_L2_ETH | BPF_F_ADJ_ROOM_ENCAP_L2(ETH_HLEN))

/* Notes what the kernel's routes say of the way to the node. */
static __noinline void outer_ask(struct __sk_buff *skb, const struct packet *p,
				 const struct tuple *key, struct route_entry *entry)
{
	struct next_hop next = {};

	if (route_of(skb, key, false, 1, &next) != ROUTE_UNDERLAY)
		next = (struct next_hop){.neighbour.nh_family = AF_INET}; /* known, and no MACs: by the device */
	route_note(p, key, &next, entry);
	entry->mtu = next.mtu;
}

/* The way to the node if it is known, with its MACs, and wide enough; NULL: by the device. The
 * packet that asks goes by the device, too, so that the kernel sees to it that the neighbour's MAC is true. */
static __always_inline struct route_entry *outer_way(struct __sk_buff *skb, const struct packet *p,
						      const union address *node)
{
	struct tuple key = {
		.source = config.node_addresses[0],
		.destination = *node,
		.protocol = IPPROTO_UDP,
		.reserved = ROUTE_OF_TUNNEL,
	};
	__u32 zero = 0, *ports = bpf_map_lookup_elem(&route_ports, &zero);
	struct route_entry *known = route_place(&key);

	if (!known || !ports || *ports != ROUTE_PORTS_IGNORED)
		return NULL;
	if (known->until <= p->now || !tuple_equal(&known->tuple, &key)) {
		outer_ask(skb, p, &key, known);
		return NULL;
	}
	if (known->family != ROUTE_MACS || p->length + sizeof(struct outer) > known->mtu)
		return NULL;
	return known;
}

/* RFC 6040 section 4.1, as the device does it: congestion seen within is not told again outside. */
static __always_inline __u8 outer_tos(const struct packet *p, const struct ipv4_front *inner)
{
	const __u8 *header = (const __u8 *)inner->between + 2; /* past the Ethernet type */
	__u8 ecn = (p->ipv6 ? header[1] >> 4 : header[1]) & ECN;

	return ecn == ECN_CE ? ECN_ECT_0 : ecn;
}

/* RFC 1071. */
static __always_inline __sum16 outer_check(const struct outer *o)
{
	const __be16 *words = (const __be16 *)&o->version;
	__u32 sum = 0;

	for (int i = 0; i < 10; i++)
		sum += words[i];
	sum = (sum & 0xffff) + (sum >> 16);
	return ~(sum + (sum >> 16));
}

static __always_inline void outer_fill(struct __sk_buff *skb, const struct packet *p,
				       const struct route_entry *way, struct outer_front *front)
{
	__u16 source = bpf_get_hash_recalc(skb) * (__u64)SOURCE_PORTS >> 32;
	struct outer *o = &front->outer;
	__u16 length = p->length + sizeof(*o);

	__builtin_memcpy(o->macs, &way->next, sizeof(o->macs));
	o->ethernet_type = bpf_htons(ETH_P_IP);
	o->version = IPV4_NO_OPTIONS;
	o->tos = outer_tos(p, &front->inner);
	o->length = bpf_htons(length);
	o->id = bpf_get_prandom_u32(); /* a router on the way may cut it */
	o->fragment = 0;
	o->ttl = TUNNEL_TTL;
	o->protocol = IPPROTO_UDP;
	o->check = 0;
	__builtin_memcpy(o->source, &way->tuple.source.words[3], sizeof(o->source));
	__builtin_memcpy(o->destination, &way->tuple.destination.words[3], sizeof(o->destination));
	o->check = outer_check(o);
	o->source_port = bpf_htons(SOURCE_PORT_FIRST + source);
	o->destination_port = bpf_htons(config.overlay_port);
	o->udp_length = bpf_htons(length - sizeof(struct iphdr));
	o->udp_check = 0;
	o->tunnel[0] = config.flags & NODE_GENEVE ? 0 : bpf_htons(VXLAN_VALID_ID);
	o->tunnel[1] = config.flags & NODE_GENEVE ? bpf_htons(GENEVE_ETHERNET) : 0;
	o->tunnel[2] = bpf_htons(p->source_identity >> 8);
	o->tunnel[3] = bpf_htons((__u16)(p->source_identity << 8));
}

/* Whether the packet bears a network card's sum of all its bytes, which the new ones would make wrong. */
static __always_inline bool has_whole_sum(struct __sk_buff *skb)
{
	return bpf_csum_update(skb, 0) >= 0;
}

/* Puts the outer headers before the packet, and takes a hop from it; 0, a negative reason, or 1: not a
 * byte was changed, it has to go by the device. */
static __noinline int outer_put(struct __sk_buff *skb, const struct packet *p,
				const struct route_entry *way)
{
	const struct ipv4_front *old = packet_bytes(skb, 0, IPV4_FRONT);
	struct outer_front front = {};
	__u8 left;

	if (!old || !way || has_whole_sum(skb))
		return 1;
	__builtin_memcpy(&front.inner, old, IPV4_FRONT);
	if (!p->ipv6)
		lower_hop(&front.inner.hop, &old->hop);
	outer_fill(skb, p, way, &front);
	if (bpf_skb_adjust_room(skb, sizeof(front.outer), BPF_ADJ_ROOM_MAC, OUTER_ROOM))
		return 1;
	if (!p->ipv6)
		return bpf_skb_store_bytes(skb, 0, &front.outer, OUTER_FRONT_IPV4, 0) ? -DROP_WRITE_ERROR
										: 0;
	left = p->hop_limit - 1;
	if (bpf_skb_store_bytes(skb, 0, &front.outer, OUTER_FRONT_IPV6, 0))
		return -DROP_WRITE_ERROR;
	return bpf_skb_store_bytes(skb, sizeof(struct outer) + IPV6_HOP_LIMIT_OFFSET, &left, 1, 0)
		       ? -DROP_WRITE_ERROR
		       : 0;
}

/* Sends the packet to the node; a redirect, a negative reason, or 0: it has to go by the device. */
static __always_inline int outer_send(struct __sk_buff *skb, struct packet *p,
				      const union address *node)
{
	const struct route_entry *way;
	int result;

	if (!(config.flags & NODE_OUTER) || skb->gso_size || !address_is_ipv4(node))
		return 0;
	way = outer_way(skb, p, node);
	if (!way)
		return 0;
	result = outer_put(skb, p, way);
	if (result)
		return result < 0 ? result : 0;
	p->point = TO_OVERLAY;
	return bpf_redirect(config.underlay_ifindex, 0);
}

#endif
