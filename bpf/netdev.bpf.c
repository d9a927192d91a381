/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The underlay's device and uplinks: from_netdev (tcx ingress) brings pods what comes for them without a tunnel,
 * by their own address or by the node's; to_netdev (tcx egress) gives what leaves the cluster the
 * node's address. All else is the node's own: if a policy speaks of it, that
 * decides (lib/host_netdev.h), else it goes on untouched, uncounted and untold. */
#include "config.h"
#include "lib/deliver.h"
#include "lib/drop.h"
#include "lib/enforce.h"
#include "lib/finish.h"
#include "lib/glance.h"
#include "lib/host_netdev.h"
#include "lib/identity.h"
#include "lib/mark.h"
#include "lib/masquerade.h"
#include "lib/nat.h"
#include "lib/nat_icmp.h"
#include "lib/outside.h"
#include "lib/packet.h"
#include "lib/parse.h"
#include "lib/rewrite.h"
#include "lib/route.h"
#include "lib/uplink.h"

char LICENSE[] SEC("license") = "GPL";

/* ---- out ---- */

/* The other address and port in a packet's own headers; 0 or a negative reason. */
static __always_inline int translate(struct __sk_buff *skb, const struct packet *p, bool source,
				     const struct nat_entry *to)
{
	int reason = rewrite_port(skb, p, source, to->port);

	return reason ? reason : rewrite_address(skb, p, source, &to->address);
}

/* An ICMP error of a pod. Not about a masqueraded connection: then about one that was opened from
 * outside and knows the pod's address, or about nothing that could be told. */
static __noinline int masquerade_error(struct __sk_buff *skb, struct packet *p)
{
	struct quote quote = {};
	struct nat_entry *out = nat_quoted(skb, p, &quote, EGRESS);
	int reason;

	if (!out) {
		quote.tuple.direction = INGRESS;
		return conntrack_living(p, &quote.tuple, p->endpoint) ? 0 : -DROP_NAT_UNSUPPORTED;
	}
	reason = requote(skb, p, &quote, false, out);
	return reason ? reason : rewrite_address(skb, p, true, &out->address);
}

/* Whether there is a port, or an echo id, by which the answer is known. */
static __always_inline bool can_masquerade(const struct packet *p)
{
	switch (p->tuple.protocol) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_SCTP:
		return true;
	case IPPROTO_ICMP:
		return p->icmp_type == ICMP_ECHO;
	case IPPROTO_ICMPV6:
		return p->icmp_type == ICMPV6_ECHO;
	default:
		return false;
	}
}

/* Whose packet it is, for the event of its drop. */
static __always_inline void name_ends(struct packet *p)
{
	const struct endpoint *source = endpoint_of(&p->tuple.source);

	if (source) {
		p->endpoint = source->id;
		p->source_identity = source->identity;
	}
	p->destination_identity = identity_of(ipcache_of(&p->tuple.destination));
}

static __always_inline int walk_to_netdev(struct __sk_buff *skb, struct packet *p)
{
	const struct nat_entry *to;
	int reason = parse(skb, p);

	name_ends(p);
	if (reason)
		return reason;
	/* The node's own rules have given it an address already. */
	if (is_own_address(&p->tuple.source))
		return 0;
	if (p->icmp_error)
		return masquerade_error(skb, p);
	fragment_note(p);
	if (!can_masquerade(p))
		return -DROP_NAT_UNSUPPORTED;
	to = nat_outward(skb, p);
	return to ? translate(skb, p, true, to) : -DROP_NAT_NO_MAPPING;
}

/* What leaves by the underlay or an uplink. Marked is what from_endpoint wants masqueraded, and has counted. */
SEC("tc")
int to_netdev(struct __sk_buff *skb)
{
	struct packet p;
	int reason;

	if (!mark_is(skb, MARK_MASQUERADE))
		return host_enforced() && !mark_is(skb, MARK_MASQUERADED) ? host_out(skb, &p)
									  : TC_ACT_OK;
	__builtin_memset(&p, 0, sizeof(p));
	packet_start(&p, skb, EGRESS);
	reason = walk_to_netdev(skb, &p);
	if (reason)
		return finish(skb, &p, reason);
	mark_set(skb, MARK_MASQUERADED);
	return host_enforced() && is_own_address(&p.tuple.source) ? host_out(skb, &p) : TC_ACT_OK;
}

/* ---- in ---- */

/* To the pod, if it is to have it; a redirect or a negative reason. */
static __always_inline int admit(struct __sk_buff *skb, struct packet *p,
				 const struct endpoint *destination)
{
	int reason;

	p->destination_identity = destination->identity;
	if (hops_exceeded(p))
		return -DROP_TTL_EXCEEDED;
	reason = enforce(skb, p, destination, INGRESS, p->source_identity);
	if (reason)
		return reason;
	return deliver_local(skb, p, destination);
}

/* What bears a pod's address: by native routing, or from who knows the way to it. */
static __always_inline int walk_to_pod(struct __sk_buff *skb, struct packet *p,
				  const struct endpoint *destination)
{
	int reason = parse(skb, p);

	if (!reason && p->not_traffic)
		return TC_ACT_OK;
	p->endpoint = destination->id;
	p->destination_identity = destination->identity;
	if (reason)
		return reason;
	reason = identify_outside(p);
	if (reason)
		return reason;
	fragment_note(p);
	return admit(skb, p, destination);
}

/* What bears an address of the node's pods that none of them has: dropped if the routes refuse it too, as
 * they do in pod ranges. */
static __noinline int walk_to_nobody(struct __sk_buff *skb, struct packet *p)
{
	struct next_hop next = {};
	int reason = parse(skb, p);

	if (!reason && p->not_traffic)
		return TC_ACT_OK;
	p->destination_identity = identity_of(ipcache_of(&p->tuple.destination));
	if (reason)
		return reason;
	reason = identify_outside(p);
	if (reason)
		return reason;
	fragment_note(p);
	return route_lookup(skb, p, &next) < 0 ? -DROP_NO_LOCAL_ENDPOINT : TC_ACT_OK;
}

/* From here on the packet is the pod's, in the events too. */
static __always_inline void become_pods(struct packet *p, const struct nat_entry *to)
{
	p->tuple.destination = to->address;
	p->reversed.source = to->address;
	if (!p->icmp_error) {
		p->tuple.destination_port = to->port;
		p->reversed.source_port = to->port;
	}
	p->translated = true;
	p->reply_first = !p->opens;
}

/* The mapping that an answer to a masqueraded connection belongs to, or an error about one; NULL: it is
 * the node's own. */
static __noinline struct nat_entry *find_masqueraded(struct __sk_buff *skb, struct packet *p)
{
	struct quote quote = {};

	return p->icmp_error ? nat_quoted(skb, p, &quote, INGRESS) : nat_inward(p);
}

/* Makes the packet the pod's; 0 or a negative reason. */
static __noinline int translate_back(struct __sk_buff *skb, struct packet *p,
				     struct nat_entry *in)
{
	struct quote quote = {};
	int reason;

	if (p->icmp_error) {
		if (!nat_quoted(skb, p, &quote, INGRESS))
			return -DROP_NAT_NO_MAPPING;
		reason = requote(skb, p, &quote, true, in);
	} else {
		nat_renew(p, in);
		reason = rewrite_port(skb, p, false, in->port);
	}
	return reason ? reason : rewrite_address(skb, p, false, &in->address);
}

/* What bears the node's address: the answer to a masqueraded connection, or the node's own. */
static __always_inline int walk_masqueraded(struct __sk_buff *skb, struct packet *p)
{
	const struct endpoint *destination;
	struct nat_entry *in;
	int reason;

	if (parse(skb, p) || p->not_traffic)
		return TC_ACT_OK;
	in = find_masqueraded(skb, p);
	if (!in)
		return TC_ACT_OK;
	destination = endpoint_of(&in->address);
	if (!destination)
		return TC_ACT_OK;
	p->endpoint = destination->id;
	reason = identify_outside(p);
	if (reason)
		return reason;
	fragment_note(p);
	reason = translate_back(skb, p, in);
	if (reason)
		return reason;
	become_pods(p, in);
	return admit(skb, p, destination);
}

/* Whether what bears the node's address may be an answer to a pod. */
static __always_inline bool may_be_masqueraded(const struct glance *g)
{
	union address address = masquerade_address(g->ipv6);
	__u16 port = bpf_ntohs(g->port);

	if ((address_is_none(&address) || !address_equal(&g->destination, &address)) &&
	    !is_uplink_address(&g->destination))
		return false;
	return !port || (port >= config.masquerade_port_min && port <= config.masquerade_port_max);
}

/* Whether it is for a pod of this node that is not there. */
static __always_inline bool is_for_nobody(const struct glance *g)
{
	return !is_node_address(&g->destination) && is_own(ipcache_of(&g->destination));
}

static __always_inline bool is_tunnel(const struct glance *g)
{
	return g->protocol == IPPROTO_UDP && g->port && g->port == bpf_htons(config.overlay_port) &&
	       is_node_address(&g->destination);
}

/* Whether the stack drops the packet for the same reason, and tells the sender so; it does not see whose
 * a masqueraded one is. */
static __always_inline bool stack_tells(int result, bool masqueraded)
{
	return result == -DROP_NO_LOCAL_ENDPOINT ||
	       (result == -DROP_TTL_EXCEEDED && !masqueraded);
}

/* What comes in by the underlay or an uplink. Only a packet that goes to a pod, or is dropped on its way there, is
 * counted. */
SEC("tc")
int from_netdev(struct __sk_buff *skb)
{
	const struct endpoint *destination;
	struct glance g = {};
	bool masqueraded;
	struct packet p;
	bool host = host_enforced();
	int result, action;

	if (host && is_to_group(skb))
		goto own;
	if (!glance(skb, &g) || is_tunnel(&g))
		return TC_ACT_OK;
	destination = endpoint_recall(&g.destination);
	masqueraded = !destination && may_be_masqueraded(&g);
	if (!destination && !masqueraded && !is_for_nobody(&g)) {
		if (host && ends_here(skb, &g))
			goto own;
		return TC_ACT_OK;
	}
	__builtin_memset(&p, 0, sizeof(p));
	packet_start(&p, skb, INGRESS);
	result = destination   ? walk_to_pod(skb, &p, destination)
		 : masqueraded ? walk_masqueraded(skb, &p)
			       : walk_to_nobody(skb, &p);
	if (result == TC_ACT_OK) {
		if (host && masqueraded)
			goto own;
		return TC_ACT_OK;
	}
	action = finish(skb, &p, result);
	return stack_tells(result, masqueraded) ? TC_ACT_OK : action;
own: /* one place: a frame of its own would be too much for the stack */
	return host_in(skb, &p);
}
