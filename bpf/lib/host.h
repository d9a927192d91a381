/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_HOST_H
#define SEKISHO_LIB_HOST_H

#include "drop.h"
#include "enforce.h"
#include "maps/endpoints.h"
#include "maps/node_state.h"
#include "outside.h"
#include "packet.h"
#include "parse.h"
#include "policy.h"

/* The node's own traffic: what bears one of its addresses, and what its stack makes or takes. To
 * policy the node is an endpoint without interface (HOST_ENDPOINT). */

/* Whether a policy speaks of the node. */
static __always_inline bool host_enforced(void)
{
	const struct node_state *state;
	__u32 key = 0;

	state = bpf_map_lookup_elem(&node_state, &key);
	return state && (state->flags & NODE_HOST_POLICY);
}

/* A protocol without ports and connections: each packet is decided, and only drops are told. */
static __noinline int host_decide_alone(struct packet *p, const struct endpoint *host,
					__u8 direction, __u32 peer)
{
	int reason;

	p->endpoint = host->id;
	p->direction = direction;
	p->flags = direction == EGRESS ? EVENT_EGRESS : 0;
	p->policy_port = 0;
	reason = policy_decide(p, host, direction, peer);
	if (reason != -DROP_POLICY_DENIED && reason != -DROP_POLICY_DENY)
		return reason;
	p->flags |= EVENT_DENIED;
	return (p->flags & EVENT_AUDITED) || (host->flags & ENDPOINT_AUDIT) ? 0 : reason;
}

/* The node's own policy about a packet from or to the peer; broken is what parse said. 0 or a negative
 * reason. The agent names the node in endpoint_config before it sets the flag. */
static __always_inline int host_enforce(struct __sk_buff *skb, struct packet *p, __u8 direction,
					__u32 peer, int broken)
{
	const struct endpoint *host;
	__u32 interface = HOST_INTERFACE;

	host = bpf_map_lookup_elem(&endpoint_config, &interface);
	if (!host)
		return 0;
	if (broken)
		return host_decide_alone(p, host, direction, peer);
	return enforce_any(skb, p, host, direction, peer);
}

/* Neighbour discovery, which may also go to an address that is not of the link: from a neighbour if the
 * hops say so (RFC 4861 section 7.1). */
static __always_inline bool is_from_neighbour(const struct packet *p)
{
	return p->ipv6 && p->tuple.protocol == IPPROTO_ICMPV6 && !p->fragment &&
	       p->hop_limit == 255 && p->icmp_type >= ICMPV6_ROUTER_SOLICITATION &&
	       p->icmp_type <= ICMPV6_REDIRECT;
}

/* Whether the stack alone can judge: neighbours and routers of the link, and a fragment of a packet
 * whose first one was dropped, or passed unseen as tunnels do; it is put together there, or not. */
static __always_inline bool host_leaves_alone(const struct packet *p, int broken)
{
	return (!broken && (p->not_traffic || is_from_neighbour(p))) || broken == -DROP_FORBIDDEN_ICMPV6 ||
	       broken == -DROP_FRAGMENT_NOT_FOUND;
}

/* Who sends to the node from the wire; as identify_outside, but for who has no address yet. */
static __always_inline int host_identify(struct packet *p)
{
	int reason = identify_outside(p);

	return reason && address_is_martian(&p->tuple.source) ? 0 : reason;
}

#endif
