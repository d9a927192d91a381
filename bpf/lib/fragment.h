/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_FRAGMENT_H
#define SEKISHO_LIB_FRAGMENT_H

#include "drop.h"
#include "lru.h"
#include "maps/fragments.h"
#include "packet.h"

/* How long the rest of a packet is waited for: RFC 791 and RFC 1122 section 3.3.2, as most systems
 * do; RFC 8200 section 4.5. */
#define FRAGMENT_LIFETIME_IPV4 30000000000ULL
#define FRAGMENT_LIFETIME_IPV6 60000000000ULL

/* No packet is longer, RFC 791 section 3.1. */
#define FRAGMENT_END_MAX 0xffff

/* Farthest end of the headers that a fragment entry can hold, bytes. */
#define FRAGMENT_HEADERS_MAX (255 * 8)

/* Notes that the packet is a fragment; content is its bytes from start on. 0 or a negative reason. */
static __always_inline int fragment_mark(struct packet *p, __be32 id, __u16 offset, __u32 start,
					 __u32 content)
{
	if (!content || offset * 8 + content > FRAGMENT_END_MAX)
		return -DROP_INVALID_PACKET;
	p->fragment = offset ? FRAGMENT_LATER : FRAGMENT_FIRST;
	p->fragment_id = id;
	p->fragment_offset = offset;
	p->fragment_start = start;
	return 0;
}

static __always_inline void fragment_key_of(struct fragment_key *key, const struct tuple *t,
					    __be32 id, bool ipv6)
{
	key->source = t->source;
	key->destination = t->destination;
	key->id = id;
	key->protocol = ipv6 ? IPPROTO_FRAGMENT : t->protocol;
}

/* What the first fragment of the packet said, to which a later one with these addresses (and, of
 * IPv4, protocol) and this id belongs; NULL if it is not known, or was too long ago. */
static __noinline const struct fragment_entry *
fragment_find(const struct packet *p, const struct tuple *t, __be32 id)
{
	__u64 lifetime = p->ipv6 ? FRAGMENT_LIFETIME_IPV6 : FRAGMENT_LIFETIME_IPV4;
	const struct fragment_entry *first;
	struct fragment_key key = {};

	fragment_key_of(&key, t, id, p->ipv6);
	first = bpf_map_lookup_elem(&fragments, &key);
	return first && packet_age(p, first->seen) < (__s64)lifetime ? first : NULL;
}

/* Gives a later fragment what its first one said; 0 or a negative reason. One that would overwrite
 * what was decided about (RFC 1858, RFC 3128) belongs to no honest packet. */
static __always_inline int fragment_recall(struct packet *p)
{
	const struct fragment_entry *first = fragment_find(p, &p->tuple, p->fragment_id);

	if (!first)
		return -DROP_FRAGMENT_NOT_FOUND;
	p->tuple.protocol = first->protocol;
	p->tuple.source_port = first->source_port;
	p->tuple.destination_port = first->destination_port;
	p->icmp_type = first->icmp_type;
	p->icmp_code = first->icmp_code;
	p->fragment_flags = first->flags;
	return p->fragment_offset < first->headers ? -DROP_INVALID_PACKET : 0;
}

/* Bytes of layer 4 by which packets are told apart. */
static __always_inline __u32 fragment_layer4(__u8 protocol)
{
	return protocol == IPPROTO_TCP ? sizeof(struct tcphdr) : protocol == IPPROTO_SCTP ? 12 : 8;
}

static __noinline void fragment_store(const struct packet *p)
{
	__u32 end = p->l4_offset + fragment_layer4(p->tuple.protocol) - p->fragment_start;
	struct fragment_entry entry = {
		.seen = p->now,
		.source_port = p->tuple.source_port,
		.destination_port = p->tuple.destination_port,
		.icmp_type = p->icmp_type,
		.icmp_code = p->icmp_code,
		.protocol = p->tuple.protocol,
		.headers = (end + 7) / 8,
		.flags = p->fragment_flags,
	};
	struct fragment_key key = {};

	fragment_key_of(&key, &p->tuple, p->fragment_id, p->ipv6);
	lru_put(&fragments, &key, &entry, BPF_ANY);
}

/* Remembers what the later fragments will not say. Every program does so once it knows that the sender
 * is who he says, and before it decides: the later ones shall be denied for the same reason. */
static __always_inline void fragment_note(const struct packet *p)
{
	if (p->fragment == FRAGMENT_FIRST)
		fragment_store(p);
}

/* The first fragment goes to the stack, which may put the packet together: the later ones shall too,
 * short as they may be. */
static __always_inline void fragment_by_stack(struct packet *p)
{
	if (p->fragment != FRAGMENT_FIRST)
		return;
	p->fragment_flags |= FRAGMENT_BY_STACK;
	fragment_store(p);
}

#endif
