/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The table of masqueraded connections, both ways: what takes the place of what. */
#ifndef SEKISHO_LIB_NAT_H
#define SEKISHO_LIB_NAT_H

#include "conntrack.h"
#include "lru.h"
#include "maps/nat.h"
#include "masquerade.h"
#include "nat_port.h"
#include "packet.h"

/* A mapping in use is renewed no oftener: a write that other processors see costs. */
#define NAT_RENEWAL SECOND

static __always_inline bool nat_due(const struct packet *p, const struct nat_entry *entry)
{
	return entry->used + NAT_RENEWAL <= p->now;
}

/* Whether the port is one that a new connection could get. */
static __always_inline bool nat_port_fits(const struct packet *p, __be16 port)
{
	__u16 number = bpf_ntohs(port);

	return p->tuple.protocol == IPPROTO_SCTP ||
	       (number >= config.masquerade_port_min && number <= config.masquerade_port_max);
}

/* Whether the mapping of what the pod sends still holds. Its way back may have been pushed out of the
 * table (then it is put back), or be another's by now; and the settings may have changed. */
static __noinline bool nat_holds(struct __sk_buff *skb, const struct packet *p,
				 struct nat_entry *out, const union address *address)
{
	struct tuple back = {};
	struct nat_entry *in, pod = {};

	if (!address_equal(&out->address, address) || !nat_port_fits(p, out->port))
		return false;
	nat_way_back(&back, &p->tuple, address);
	back.destination_port = out->port;
	in = bpf_map_lookup_elem(&nat, &back);
	if (!in) {
		nat_pod(&pod, p);
		return nat_claim(skb, &back, &pod, BPF_NOEXIST);
	}
	if (!address_equal(&in->address, &p->tuple.source) || in->port != p->tuple.source_port)
		return false;
	if (nat_due(p, out))
		in->used = out->used = p->now;
	return true;
}

/* What takes the place of the pod's address and port in what it sends; NULL: there is no port left, or no
 * address on the device. A mapping of another device, by which the packets went before, is given up. */
static __noinline struct nat_entry *nat_outward(struct __sk_buff *skb, struct packet *p)
{
	union address address = masquerade_address_on(skb->ifindex, p->ipv6);
	struct nat_entry *out;

	if (address_is_none(&address))
		return NULL;
	p->tuple.direction = EGRESS;
	out = bpf_map_lookup_elem(&nat, &p->tuple);
	if (out) {
		if (nat_holds(skb, p, out, &address))
			return out;
		bpf_map_delete_elem(&nat, &p->tuple);
	}
	if (!nat_allocate(skb, p, &address))
		return NULL;
	return bpf_map_lookup_elem(&nat, &p->tuple);
}

/* Keeps a mapping alive by its answers alone: its other half may have been pushed out. */
static __noinline void nat_renew(const struct packet *p, struct nat_entry *in)
{
	struct nat_entry *known, out = {
		.used = p->now,
		.address = p->tuple.destination,
		.port = p->tuple.destination_port,
	};
	struct tuple sent = {};

	if (!nat_due(p, in))
		return;
	in->used = p->now;
	nat_way_out(&sent, &p->tuple, in);
	known = bpf_map_lookup_elem(&nat, &sent);
	if (known)
		known->used = p->now;
	else
		lru_put(&nat, &sent, &out, BPF_NOEXIST);
}

/* What takes the place of the node's address and port in what came to it; NULL if no pod waits. */
static __always_inline struct nat_entry *nat_inward(struct packet *p)
{
	p->tuple.direction = INGRESS;
	return bpf_map_lookup_elem(&nat, &p->tuple);
}

#endif
