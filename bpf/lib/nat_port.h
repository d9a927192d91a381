/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The port (or echo id) behind which a connection of a pod is to the outside. */
#ifndef SEKISHO_LIB_NAT_PORT_H
#define SEKISHO_LIB_NAT_PORT_H

#include "address.h"
#include "config.h"
#include "conntrack.h"
#include "drop.h"
#include "lru.h"
#include "maps/nat.h"
#include "packet.h"
#include <bpf/bpf_endian.h>

/* Ports that are tried at random, and how many are looked through after that, one after the other: in
 * a range that is full to 95 % all samples miss in one of five searches, and 1024 in none. What is more
 * would let whoever fills a range make each packet expensive. */
#define NAT_SAMPLES 32
#define NAT_SCANNED 1024

/* The other end may keep a closed connection so long (TIME-WAIT); its port rests, if others do. */
#define NAT_QUIET (60 * SECOND)

/* In the bytes after a mapping's port, which are zero otherwise: a processor is taking its place. */
#define NAT_TAKEN (1ULL << 63)

/* A search for a port. */
struct nat_search {
	struct __sk_buff *skb;
	__u64 now;
	__u32 first, span, start; /* the range, and where to begin in it */
	bool found;
	struct tuple back;    /* the way back, with the port that is tried */
	struct nat_entry pod; /* what it leads to */
};

/* The key of the answer to what a pod sends, but for its port. */
static __always_inline void nat_way_back(struct tuple *back, const struct tuple *sent,
					 const union address *address)
{
	back->source = sent->destination;
	back->destination = *address;
	back->source_port = sent->destination_port;
	back->protocol = sent->protocol;
	back->direction = INGRESS;
}

/* The key of what the pod sends, from that of the answer and what this leads to. */
static __always_inline void nat_way_out(struct tuple *sent, const struct tuple *back,
					const struct nat_entry *pod)
{
	sent->source = pod->address;
	sent->destination = back->source;
	sent->source_port = pod->port;
	sent->destination_port = back->source_port;
	sent->protocol = back->protocol;
	sent->direction = EGRESS;
}

static __always_inline void nat_pod(struct nat_entry *pod, const struct packet *p)
{
	pod->used = p->now;
	pod->address = p->tuple.source;
	pod->port = p->tuple.source_port;
}

/* Whether a socket of the node would get the packet. */
static __always_inline bool socket_waits(struct __sk_buff *skb, const struct tuple *t)
{
	struct bpf_sock_tuple key = {};
	struct bpf_sock *socket;
	__u32 size = sizeof(key.ipv4);

	if (address_is_ipv4(&t->source)) {
		key.ipv4.saddr = t->source.words[3];
		key.ipv4.daddr = t->destination.words[3];
		key.ipv4.sport = t->source_port;
		key.ipv4.dport = t->destination_port;
	} else {
		size = sizeof(key.ipv6);
		__builtin_memcpy(key.ipv6.saddr, t->source.words, sizeof(key.ipv6.saddr));
		__builtin_memcpy(key.ipv6.daddr, t->destination.words, sizeof(key.ipv6.daddr));
		key.ipv6.sport = t->source_port;
		key.ipv6.dport = t->destination_port;
	}
	if (t->protocol == IPPROTO_TCP)
		socket = bpf_skc_lookup_tcp(skb, &key, size, BPF_F_CURRENT_NETNS, 0);
	else if (t->protocol == IPPROTO_UDP)
		socket = bpf_sk_lookup_udp(skb, &key, size, BPF_F_CURRENT_NETNS, 0);
	else
		return false;
	if (!socket)
		return false;
	bpf_sk_release(socket);
	return true;
}

/* Enters a way back, unless a socket of the node is there; whether it is ours. */
static __always_inline bool nat_claim(struct __sk_buff *skb, const struct tuple *back,
				 const struct nat_entry *pod, __u64 flags)
{
	return !socket_waits(skb, back) && !lru_put(&nat, back, pod, flags);
}

/* Whether a mapping serves nobody any more: its pod has no such connection. */
static __always_inline bool nat_is_dead(const struct nat_search *s, const struct nat_entry *in,
					bool sampling)
{
	struct tuple sent = {};
	const struct conntrack_entry *connection;

	nat_way_out(&sent, &s->back, in);
	connection = conntrack_get(&sent);
	if (connection && connection->expires > s->now)
		return false;
	return in->used + NAT_QUIET <= s->now || !sampling;
}

/* Takes a dead mapping's place, of all processors that find it alone: the first one marks it, by the
 * word that holds its port, and the others leave it to him. */
static __always_inline bool nat_inherit(const struct nat_search *s, struct nat_entry *in)
{
	__u64 *word = (__u64 *)&in->port;
	__u64 free = in->port, taken = free | NAT_TAKEN;

	if (__sync_val_compare_and_swap(word, free, taken) != free)
		return false;
	if (nat_claim(s->skb, &s->back, &s->pod, BPF_ANY))
		return true;
	__sync_val_compare_and_swap(word, taken, free);
	return false;
}

/* One try; 1 ends the search. A small range is gone through at once, a large one sampled first. */
static long nat_try(__u32 index, struct nat_search *s)
{
	bool sampling = index < NAT_SAMPLES;
	__u32 step = sampling && s->span > NAT_SAMPLES ? bpf_get_prandom_u32() : index;
	struct nat_entry *in;
	bool taken = false;

	if (!sampling && index - NAT_SAMPLES >= s->span)
		return 1;
	s->back.destination_port = bpf_htons(s->first + (s->start + step) % s->span);
	in = bpf_map_lookup_elem(&nat, &s->back);
	if (!in)
		taken = nat_claim(s->skb, &s->back, &s->pod, BPF_NOEXIST);
	else if (nat_is_dead(s, in, sampling))
		taken = nat_inherit(s, in);
	if (!taken)
		return 0;
	s->found = true;
	return 1;
}

/* The range in which to search. SCTP keeps its port: its checksum would have to be made anew. */
static __always_inline void nat_range(struct nat_search *s, const struct packet *p)
{
	if (p->tuple.protocol == IPPROTO_SCTP) {
		s->first = bpf_ntohs(p->tuple.source_port);
		s->span = 1;
	} else if (config.masquerade_port_min &&
		   config.masquerade_port_min <= config.masquerade_port_max) {
		s->first = config.masquerade_port_min;
		s->span = config.masquerade_port_max - config.masquerade_port_min + 1;
	}
}

/* A new mapping for what the pod sends; whether there is one now. Of two processors that make one at
 * the same time the first prevails. */
static __noinline bool nat_allocate(struct __sk_buff *skb, const struct packet *p,
				    const union address *address)
{
	struct nat_search s = {.skb = skb, .now = p->now, .start = bpf_get_prandom_u32() >> 1};

	nat_range(&s, p);
	nat_pod(&s.pod, p);
	nat_way_back(&s.back, &p->tuple, address);
	if (s.span)
		bpf_loop(NAT_SAMPLES + NAT_SCANNED, nat_try, &s, 0);
	if (!s.found)
		return false;
	s.pod.address = *address;
	s.pod.port = s.back.destination_port;
	if (lru_put(&nat, &p->tuple, &s.pod, BPF_NOEXIST))
		bpf_map_delete_elem(&nat, &s.back);
	return true;
}

#endif
