/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_ICMP_H
#define SEKISHO_LIB_ICMP_H

#include "address.h"
#include "conntrack.h"
#include "extension.h"
#include "parse.h"
#include <bpf/bpf_endian.h>

/* What an ICMP error quotes begins after 8 bytes of its own. */
#define ICMP_QUOTE 8

/* The connection of a quoted later fragment, from what its first one said; 0 or negative. */
static __always_inline int quoted_later(const struct packet *p, struct tuple *t, __be32 id)
{
	const struct fragment_entry *first = fragment_find(p, t, id);

	if (!first || (first->icmp_type && !is_echo_request(first->icmp_type, p->ipv6) &&
		       !is_echo_reply(first->icmp_type, p->ipv6)))
		return -DROP_FRAGMENT_NOT_FOUND;
	t->protocol = first->protocol;
	t->source_port = first->source_port;
	t->destination_port = first->destination_port;
	return 0;
}

/* Addresses of the quoted IPv4 packet; offset of its layer 4, 0 if the connection is known without it,
 * or negative. */
static __always_inline int quoted_ipv4(struct __sk_buff *skb, const struct packet *p, __u32 offset,
				       struct tuple *t)
{
	struct iphdr ip;

	if (bpf_skb_load_bytes(skb, offset, &ip, sizeof(ip)))
		return -DROP_INVALID_PACKET;
	if (ip.version != 4 || ip.ihl < 5)
		return -DROP_INVALID_PACKET;
	address_of_ipv4(&t->source, ip.saddr);
	address_of_ipv4(&t->destination, ip.daddr);
	t->protocol = ip.protocol;
	if (ip.frag_off & bpf_htons(IPV4_OFFSET))
		return quoted_later(p, t, ip.id);
	return offset + ip.ihl * 4;
}

/* The same of IPv6. */
static __always_inline int quoted_ipv6(struct __sk_buff *skb, const struct packet *p, __u32 offset,
				       struct tuple *t)
{
	struct extension_chain chain = {.offset = offset + sizeof(struct ipv6hdr)};
	struct ipv6hdr ip;
	int reason;

	if (bpf_skb_load_bytes(skb, offset, &ip, sizeof(ip)) || ip.version != 6)
		return -DROP_INVALID_PACKET;
	address_of_ipv6(&t->source, ip.saddr);
	address_of_ipv6(&t->destination, ip.daddr);
	if (address_is_ipv4(&t->source) || address_is_ipv4(&t->destination))
		return -DROP_INVALID_PACKET;
	t->protocol = chain.next = ip.nexthdr;
	if (!is_extension(ip.nexthdr))
		return chain.offset;
	reason = extension_walk(skb, &chain);
	if (reason)
		return reason;
	if (chain.place >> FRAGMENT_OFFSET_SHIFT)
		return quoted_later(p, t, chain.id);
	t->protocol = chain.next;
	return chain.offset;
}

/* The id of a quoted echo; no other ICMP is quoted for a connection's sake. */
static __always_inline bool quoted_echo(const struct icmphdr *icmp, struct tuple *t)
{
	bool ipv6 = t->protocol == IPPROTO_ICMPV6;

	if (is_echo_request(icmp->type, ipv6))
		t->source_port = icmp->id;
	else if (is_echo_reply(icmp->type, ipv6))
		t->destination_port = icmp->id;
	else
		return false;
	return true;
}

/* Ports of the quoted packet, or its echo id; false if it has none. */
static __always_inline bool quoted_ports(struct __sk_buff *skb, __u32 offset, struct tuple *t)
{
	struct icmphdr head; /* the first 8 bytes, whatever the protocol */
	__be16 *ports = (__be16 *)&head;

	if (bpf_skb_load_bytes(skb, offset, &head, sizeof(head)))
		return false;
	switch (t->protocol) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_SCTP:
		t->source_port = ports[0];
		t->destination_port = ports[1];
		return true;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return quoted_echo(&head, t);
	default:
		return false;
	}
}

/* The tuple of the packet that an ICMP error quotes; offset of its layer 4, 0 if the connection is known
 * without it, or negative. */
static __always_inline int quoted_packet(struct __sk_buff *skb, const struct packet *p,
					 struct tuple *t)
{
	__u32 offset = p->l4_offset + ICMP_QUOTE;
	int l4 = p->ipv6 ? quoted_ipv6(skb, p, offset, t) : quoted_ipv4(skb, p, offset, t);

	return l4 > 0 && !quoted_ports(skb, l4, t) ? -DROP_INVALID_PACKET : l4;
}

/* What an answer to the packet says, seen in direction. */
static __always_inline void tuple_reverse(struct tuple *to, const struct tuple *t, __u8 direction)
{
	to->source = t->destination;
	to->destination = t->source;
	to->source_port = t->destination_port;
	to->destination_port = t->source_port;
	to->protocol = t->protocol;
	to->direction = direction;
}

/* The same in place. */
static __always_inline void tuple_turn(struct tuple *t)
{
	union address source = t->source;
	__be16 port = t->source_port;

	t->source = t->destination;
	t->destination = source;
	t->source_port = t->destination_port;
	t->destination_port = port;
	t->direction = !t->direction;
}

/* Whether the ICMP error that passes the endpoint in direction speaks of a connection that the
 * endpoint has: the quoted packet went the other way, as the opener's or as a reply. */
static __noinline bool icmp_related(struct __sk_buff *skb, struct packet *p, __u32 endpoint,
				    __u8 direction)
{
	const struct conntrack_entry *entry;
	struct tuple quoted = {};

	if (quoted_packet(skb, p, &quoted) < 0)
		return false;
	quoted.direction = !direction;
	entry = conntrack_living(p, &quoted, endpoint);
	if (entry) {
		p->by_stack = entry->flags & CONNTRACK_BY_STACK;
		return true;
	}
	tuple_turn(&quoted);
	return conntrack_living(p, &quoted, endpoint);
}

#endif
