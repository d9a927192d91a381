/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Host side of each pod's interface pair: from_endpoint sees what the pod sends (tcx ingress),
 * to_endpoint what the node's stack hands to the pod (tcx egress). One copy for all pods of a node.
 * The walks are drawn in DESIGN.md. */
#include "config.h"
#include "lib/deliver.h"
#include "lib/drop.h"
#include "lib/encap.h"
#include "lib/enforce.h"
#include "lib/finish.h"
#include "lib/host.h"
#include "lib/identity.h"
#include "lib/masquerade.h"
#include "lib/packet.h"
#include "lib/parse.h"
#include "lib/spoof.h"
#include "lib/underlay.h"

char LICENSE[] SEC("license") = "GPL";

/* To a pod of this node: both ends decide in one go; the event speaks for the receiver. A reply on a
 * connection that came by the stack goes back that way: the node's netfilter may have changed its
 * addresses, and must change them back. */
static __always_inline int to_local(struct __sk_buff *skb, struct packet *p,
				    const struct endpoint *source,
				    const struct endpoint *destination)
{
	int reason;

	p->destination_identity = destination->identity;
	reason = enforce(skb, p, source, EGRESS, destination->identity);
	if (reason)
		return reason;
	if (p->by_stack)
		return to_stack(p);
	verdict_tell(skb, p);
	p->other_rule_id = p->rule_id;
	reason = enforce(skb, p, destination, INGRESS, source->identity);
	if (reason)
		return reason;
	return deliver_local(skb, p, destination);
}

/* To the node itself; its stack does the rest. */
static __always_inline int to_host(struct __sk_buff *skb, struct packet *p,
				   const struct endpoint *source)
{
	int reason;

	p->destination_identity = IDENTITY_HOST;
	if (forges_tunnel(p))
		return -DROP_FORGED_TUNNEL;
	p->point = TO_HOST;
	reason = enforce(skb, p, source, EGRESS, IDENTITY_HOST);
	if (reason || !host_enforced())
		return reason;
	verdict_tell(skb, p);
	p->other_rule_id = p->rule_id;
	p->by_stack = false;
	return host_enforce(skb, p, INGRESS, source->identity, 0);
}

/* To another node's pod, or out of the cluster; entry is the destination's. */
static __always_inline int to_remote(struct __sk_buff *skb, struct packet *p,
				     const struct endpoint *source,
				     const struct ipcache_entry *entry)
{
	bool tunnel = entry && !address_is_none(&entry->tunnel);
	int reason;

	p->destination_identity = identity_of(entry);
	if ((!tunnel || is_remote_node(p->destination_identity)) && forges_tunnel(p))
		return -DROP_FORGED_TUNNEL;
	reason = enforce(skb, p, source, EGRESS, p->destination_identity);
	if (reason)
		return reason;
	if (p->by_stack)
		return to_stack(p);
	if (tunnel)
		return encap(skb, p, &entry->tunnel);
	reason = masquerade(skb, p, entry);
	if (reason)
		return reason;
	reason = route_outside(skb, p);
	return reason == -DROP_FIB_LOOKUP && is_vacant(entry) ? -DROP_NO_LOCAL_ENDPOINT : reason;
}

static __always_inline int walk_from_endpoint(struct __sk_buff *skb, struct packet *p)
{
	const struct endpoint *source, *destination = NULL;
	const struct ipcache_entry *entry;
	int reason = parse(skb, p);

	mark_clear(skb);
	if (!reason && p->not_traffic) {
		p->point = TO_STACK;
		return TC_ACT_OK;
	}
	source = endpoint_on(skb->ifindex);
	if (!source)
		return -DROP_ENDPOINT_NOT_READY;
	p->endpoint = source->id;
	p->source_identity = source->identity;
	if (reason)
		return reason;
	reason = spoof_guard(skb, p, source);
	if (reason)
		return reason;
	fragment_note(p);
	entry = ipcache_of(&p->tuple.destination);
	if (!is_elsewhere(entry))
		destination = endpoint_recall(&p->tuple.destination);
	if (!destination && is_node_address(&p->tuple.destination))
		return to_host(skb, p, source);
	if (hops_exceeded(p))
		return -DROP_TTL_EXCEEDED;
	if (destination)
		return to_local(skb, p, source, destination);
	return to_remote(skb, p, source, entry);
}

/* Whether the stack drops the packet for the same reason, and tells the sender so. */
static __always_inline bool stack_tells(int result)
{
	return result == -DROP_TTL_EXCEEDED || result == -DROP_FIB_LOOKUP ||
	       result == -DROP_NO_LOCAL_ENDPOINT;
}

/* What the pod sends. */
SEC("tc")
int from_endpoint(struct __sk_buff *skb)
{
	struct packet p = {};
	int result, action;

	packet_start(&p, skb, EGRESS);
	result = walk_from_endpoint(skb, &p);
	action = finish(skb, &p, result);
	return stack_tells(result) ? TC_ACT_OK : action;
}

static __always_inline int walk_to_endpoint(struct __sk_buff *skb, struct packet *p)
{
	const struct endpoint *destination;
	int reason = parse(skb, p);

	p->point = TO_ENDPOINT;
	if (!reason && p->not_traffic)
		return TC_ACT_OK;
	destination = endpoint_on(skb->ifindex);
	if (!destination)
		return -DROP_ENDPOINT_NOT_READY;
	p->endpoint = destination->id;
	p->destination_identity = destination->identity;
	if (reason)
		return reason;
	if (!is_for(p, destination))
		return -DROP_NO_LOCAL_ENDPOINT;
	reason = identify(skb, p);
	if (reason)
		return reason;
	fragment_note(p);
	if (host_enforced() && is_node_address(&p->tuple.source)) {
		reason = host_enforce(skb, p, EGRESS, destination->identity, 0);
		if (reason)
			return reason;
		verdict_tell(skb, p);
		p->other_rule_id = p->rule_id;
	}
	p->by_stack = skb->ingress_ifindex != 0;
	return enforce(skb, p, destination, INGRESS, p->source_identity);
}

/* What the node's stack hands to the pod: its own packets, and those from outside of the cluster. */
SEC("tc")
int to_endpoint(struct __sk_buff *skb)
{
	struct packet p = {};

	packet_start(&p, skb, INGRESS);
	return finish(skb, &p, walk_to_endpoint(skb, &p));
}
