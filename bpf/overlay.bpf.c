/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The VXLAN device in collect-metadata mode: from_overlay sees what other nodes' pods send to pods of
 * this node (tcx ingress). The walk is drawn in DESIGN.md. */
#include "config.h"
#include "lib/decap.h"
#include "lib/deliver.h"
#include "lib/drop.h"
#include "lib/enforce.h"
#include "lib/finish.h"
#include "lib/identity.h"
#include "lib/packet.h"
#include "lib/parse.h"

char LICENSE[] SEC("license") = "GPL";

static __always_inline int walk_from_overlay(struct __sk_buff *skb, struct packet *p)
{
	const struct endpoint *destination;
	int reason = parse(skb, p);

	p->source_identity = decap_identity(skb);
	if (reason)
		return reason;
	if (p->not_traffic) /* links end at the node, nobody is asked beyond it */
		return -DROP_UNSUPPORTED_L3_PROTOCOL;
	if (!p->source_identity)
		return -DROP_TUNNEL_KEY;
	destination = endpoint_of(&p->tuple.destination);
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

SEC("tc")
int from_overlay(struct __sk_buff *skb)
{
	struct packet p = {};

	packet_start(&p, skb, INGRESS);
	return finish(skb, &p, walk_from_overlay(skb, &p));
}
