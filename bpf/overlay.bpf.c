/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The tunnel device in collect-metadata mode: from_overlay sees what other nodes and their pods send
 * here (tcx ingress), to_overlay what this node's stack sends there (tcx egress). The walks are drawn
 * in DESIGN.md. */
#include "config.h"
#include "lib/decap.h"
#include "lib/deliver.h"
#include "lib/drop.h"
#include "lib/enforce.h"
#include "lib/finish.h"
#include "lib/host.h"
#include "lib/identity.h"
#include "lib/mark.h"
#include "lib/packet.h"
#include "lib/parse.h"
#include "lib/spoof.h"
#include "lib/tunnel.h"
#include "lib/way.h"

char LICENSE[] SEC("license") = "GPL";

/* To the node itself; its stack does the rest. The frame bears the MACs of another node's link. */
static __always_inline int to_host(struct __sk_buff *skb, struct packet *p)
{
	p->destination_identity = IDENTITY_HOST;
	if (forges_tunnel(p))
		return -DROP_FORGED_TUNNEL;
	if (skb->pkt_type != PACKET_HOST)
		bpf_skb_change_type(skb, PACKET_HOST);
	p->point = TO_HOST;
	return host_enforced() ? host_enforce(skb, p, INGRESS, p->source_identity, 0) : TC_ACT_OK;
}

static __always_inline int walk_from_overlay(struct __sk_buff *skb, struct packet *p)
{
	const struct endpoint *destination;
	int broken = parse(skb, p), reason = decap(skb, p);

	if (reason)
		return reason;
	if (broken)
		return broken;
	if (p->not_traffic) /* links end at the node, nobody is asked beyond it */
		return -DROP_UNSUPPORTED_L3_PROTOCOL;
	fragment_note(p);
	destination = endpoint_recall(&p->tuple.destination);
	if (!destination && is_node_address(&p->tuple.destination))
		return to_host(skb, p);
	if (!destination)
		return -DROP_NO_LOCAL_ENDPOINT;
	p->destination_identity = destination->identity;
	if (hops_exceeded(p))
		return -DROP_TTL_EXCEEDED;
	reason = enforce(skb, p, destination, INGRESS, p->source_identity);
	if (reason)
		return reason;
	return deliver_local(skb, p, destination);
}

/* What other nodes and their pods send. */
SEC("tc")
int from_overlay(struct __sk_buff *skb)
{
	struct packet p = {};

	packet_start(&p, skb, INGRESS);
	return finish(skb, &p, walk_from_overlay(skb, &p));
}

/* What other nodes are told of the sender: of this node's pods and itself who they are, and the world
 * of everybody else. */
static __always_inline void outward_identity(struct packet *p)
{
	const struct endpoint *pod = endpoint_of(&p->tuple.source);

	if (pod)
		p->endpoint = pod->id;
	else if (p->source_identity != IDENTITY_HOST)
		p->source_identity = IDENTITY_WORLD;
}

static __always_inline int walk_to_overlay(struct __sk_buff *skb, struct packet *p)
{
	const struct ipcache_entry *destination;
	int reason = parse(skb, p);

	if (reason)
		return reason;
	if (p->not_traffic) { /* the device knows nobody to whom it could go */
		p->point = TO_STACK;
		return TC_ACT_OK;
	}
	reason = identify(skb, p);
	if (reason)
		return reason;
	outward_identity(p);
	fragment_note(p);
	destination = ipcache_of(&p->tuple.destination);
	p->destination_identity = identity_of(destination);
	if (!destination || address_is_none(&destination->tunnel))
		return -DROP_NO_LOCAL_ENDPOINT; /* a pod that is gone, or never was */
	if (host_enforced() && is_node_address(&p->tuple.source)) {
		reason = host_enforce(skb, p, EGRESS, p->destination_identity, 0);
		if (reason)
			return reason;
	}
	if (is_lost_on_way(skb, p, &destination->tunnel))
		return -DROP_FRAGMENTATION;
	p->point = TO_OVERLAY;
	return tunnel_to(skb, p, &destination->tunnel);
}

/* What this node's stack routes to other nodes' pods: the node's own packets, and those of pods that it
 * had to cut. What from_endpoint sent here is through already; most packets are that, so it comes
 * before all else. */
SEC("tc")
int to_overlay(struct __sk_buff *skb)
{
	if (mark_is(skb, MARK_ENCAPSULATED)) {
		mark_set(skb, 0);
		return TC_ACT_OK;
	}
	struct packet p = {};

	packet_start(&p, skb, EGRESS);
	return finish(skb, &p, walk_to_overlay(skb, &p));
}
