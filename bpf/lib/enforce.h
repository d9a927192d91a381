/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_ENFORCE_H
#define SEKISHO_LIB_ENFORCE_H

#include "conntrack.h"
#include "drop.h"
#include "event.h"
#include "icmp.h"
#include "older.h"
#include "packet.h"
#include "policy.h"

/* Whether the opener's packet goes by the decision that the entry holds. Not if the endpoint's policy
 * or the peer's identity has changed since, and not if a SYN opens the connection anew. */
static __always_inline bool decision_holds(const struct packet *p,
					   const struct conntrack_entry *entry,
					   const struct endpoint *endpoint, __u32 peer)
{
	if ((entry->flags & CONNTRACK_CUT) || (p->opens && conntrack_closing(entry)))
		return false;
	return entry->policy_revision == endpoint->policy_revision && entry->peer_identity == peer;
}

static __always_inline bool is_denial(int reason)
{
	return reason == -DROP_POLICY_DENIED || reason == -DROP_POLICY_DENY;
}

/* Asks policy. A denied packet passes under audit of the endpoint or of the policy; the event says
 * so. Notes what a rule decided for the agent, unless the drop event tells it. */
static __always_inline int decide(struct packet *p, const struct endpoint *endpoint,
				  __u8 direction, __u32 peer)
{
	int reason;

	/* Whoever owns the node owns its pods; health checks must get through. */
	if (peer == IDENTITY_HOST && direction == INGRESS) {
		p->rule_id = RULE_LOCAL_HOST;
		return 0;
	}
	reason = policy_decide(p, endpoint, direction, peer);
	if (is_denial(reason)) {
		p->flags |= EVENT_DENIED;
		if (!(p->flags & EVENT_AUDITED) && !(endpoint->flags & ENDPOINT_AUDIT))
			return reason;
		p->flags |= EVENT_AUDITED;
		p->verdict = -reason;
		return 0;
	}
	if (!reason && p->rule_id != RULE_NOT_ENFORCED)
		p->verdict = VERDICT_ALLOWED;
	return reason;
}

/* The revision of a decision that holds no more: none has it, so programs that do not know of cuts
 * decide again too. It also tells that this revision of the policy cut. */
static __always_inline __u32 revision_before(const struct endpoint *endpoint)
{
	return endpoint->policy_revision - 1;
}

/* What passed is denied now. The entry stays, for without one the next packet of the other side
 * would open the connection anew, by that side's own policy, and the opener's would be replies. */
static __always_inline void conntrack_cut(const struct packet *p, const struct endpoint *endpoint,
					  __u32 peer, struct conntrack_entry *entry)
{
	if (!(p->flags & EVENT_DENIED)) {
		conntrack_delete(entry);
		return;
	}
	entry->rule_id = p->rule_id;
	entry->policy_revision = revision_before(endpoint);
	entry->peer_identity = peer;
	entry->flags |= CONNTRACK_CUT;
	entry->expires = p->now + conntrack_lifetime(p, entry);
}

/* Policy lets pass what the entry stands for. */
static __always_inline void conntrack_decided(const struct packet *p,
					      const struct endpoint *endpoint, __u32 peer,
					      struct conntrack_entry *entry)
{
	entry->flags &= ~CONNTRACK_CUT;
	entry->rule_id = p->rule_id;
	entry->policy_revision = endpoint->policy_revision;
	entry->peer_identity = peer;
	if (p->flags & EVENT_AUDITED)
		entry->flags |= CONNTRACK_AUDITED;
	else
		entry->flags &= ~CONNTRACK_AUDITED;
}

/* Asks for the opener whether a cut lasts, if policy is another one since or the peer is: he may be
 * waiting for what the other side says, and send nothing that could be decided. Who opens by ICMP
 * always sends. */
static __always_inline void cut_ask_again(struct packet *p, const struct endpoint *endpoint,
					  __u32 peer, struct conntrack_entry *entry)
{
	__be16 port = p->policy_port;
	int reason;

	if (is_icmp(p) || (entry->policy_revision == revision_before(endpoint) &&
			   entry->peer_identity == peer))
		return;
	p->policy_port = p->tuple.source_port;
	reason = policy_decide(p, endpoint, !p->direction, peer);
	p->policy_port = port;
	if (!reason || (is_denial(reason) && (p->flags & EVENT_AUDITED))) {
		conntrack_decided(p, endpoint, peer, entry);
	} else if (is_denial(reason)) {
		p->flags |= EVENT_DENIED;
		conntrack_cut(p, endpoint, peer, entry);
	}
}

/* A reply on a connection that was cut. */
static __always_inline int cut_reply(struct packet *p, struct conntrack_entry *entry)
{
	p->rule_id = entry->rule_id;
	p->flags = (p->flags ^ EVENT_EGRESS) | EVENT_REPLY | EVENT_DENIED;
	entry->expires = p->now + conntrack_lifetime(p, entry);
	return p->rule_id == RULE_DEFAULT_DENY ? -DROP_POLICY_DENIED : -DROP_POLICY_DENY;
}

/* The opener's packet on a connection that must be decided again, or is new. */
static __always_inline int enforce_anew(struct packet *p, const struct endpoint *endpoint,
					__u32 peer, struct conntrack_entry *entry)
{
	__u8 direction = p->direction;
	int reason = decide(p, endpoint, direction, peer);

	if (reason) {
		if (entry)
			conntrack_cut(p, endpoint, peer, entry);
		return reason;
	}
	if (!entry && p->fragment == FRAGMENT_LATER) {
		conntrack_report_alone(p);
		return 0;
	}
	if (!entry || (p->opens && ((entry->flags & CONNTRACK_CUT) || conntrack_closing(entry))))
		return conntrack_create(p, endpoint, peer);
	conntrack_decided(p, endpoint, peer, entry);
	conntrack_account(p, entry, SIDE_OPENER);
	return 0;
}

/* A reply on a connection that nothing is known of: the opener is decided. */
static __always_inline int enforce_older(struct packet *p, const struct endpoint *endpoint,
					 __u32 peer)
{
	__be16 port = p->policy_port;
	int reason;

	p->policy_port = p->tuple.source_port;
	reason = decide(p, endpoint, !p->direction, peer);
	p->policy_port = port;
	p->flags = (p->flags ^ EVENT_EGRESS) | EVENT_REPLY;
	return reason ? reason : conntrack_adopt(p, endpoint, peer);
}

/* The packet's event speaks for the endpoint that it passes in direction. */
static __always_inline void enforce_start(struct packet *p, const struct endpoint *endpoint,
					  __u8 direction)
{
	p->endpoint = endpoint->id;
	p->direction = direction;
	p->report = false;
	p->flags = direction == EGRESS ? EVENT_EGRESS : 0;
}

/* What nothing is known of and policy denies, while connections are carried over: if it answers on one, the
 * opener is decided. */
static __always_inline int enforce_moved(struct packet *p, const struct endpoint *endpoint,
					 __u8 direction, __u32 peer)
{
	enforce_start(p, endpoint, direction);
	return enforce_older(p, endpoint, peer);
}

/* Passes what belongs to the entry. */
static __always_inline void enforce_pass(struct packet *p, struct conntrack_entry *entry, __u32 side)
{
	p->rule_id = entry->rule_id;
	if (entry->flags & CONNTRACK_AUDITED)
		p->flags |= EVENT_DENIED | EVENT_AUDITED;
	if (side == SIDE_REPLIER) {
		p->flags = (p->flags ^ EVENT_EGRESS) | EVENT_REPLY;
		p->by_stack = entry->flags & CONNTRACK_BY_STACK;
	}
	conntrack_account(p, entry, side);
}

/* All that enforce() does. Global as parse() is: verified once, though a packet between two pods of the
 * node passes it twice. */
__noinline int enforce_any(struct __sk_buff *skb, struct packet *p, const struct endpoint *endpoint,
			   __u8 direction, __u32 peer)
{
	struct conntrack_entry *entry;
	__u32 side;
	int reason;

	if (!p || !endpoint)
		return -DROP_NO_POLICY;
	enforce_start(p, endpoint, direction);
	if (p->icmp_error && icmp_related(skb, p, endpoint->id, direction)) {
		p->rule_id = RULE_REPLY;
		return 0;
	}
	entry = conntrack_lookup(p, endpoint->id, direction, &side);
	if (!entry && p->translated)
		return conntrack_moves(p) ? enforce_older(p, endpoint, peer) : -DROP_NAT_NO_MAPPING;
	if (!entry && endpoint->id == HOST_ENDPOINT && is_older_reply(skb, p))
		return enforce_older(p, endpoint, peer);
	if (!entry || (side == SIDE_OPENER && !decision_holds(p, entry, endpoint, peer))) {
		reason = enforce_anew(p, endpoint, peer, entry);
		return !entry && is_denial(reason) && conntrack_moves(p)
			       ? enforce_moved(p, endpoint, direction, peer)
			       : reason;
	}
	if ((entry->flags & CONNTRACK_CUT) && !(endpoint->flags & ENDPOINT_AUDIT)) {
		cut_ask_again(p, endpoint, peer, entry);
		if (entry->flags & CONNTRACK_CUT)
			return cut_reply(p, entry);
	}
	enforce_pass(p, entry, side);
	return 0;
}

/* Whether the packet passes by what its connection's entry says already; else nothing was counted. */
static __noinline bool enforce_known(struct packet *p, const struct endpoint *endpoint,
				     __u8 direction, __u32 peer)
{
	struct conntrack_entry *entry;
	__u32 side;

	if (p->opens || p->icmp_error)
		return false;
	enforce_start(p, endpoint, direction);
	entry = conntrack_find(p, endpoint->id, direction, &side);
	if (!entry || (entry->flags & CONNTRACK_CUT) ||
	    (side == SIDE_OPENER && !decision_holds(p, entry, endpoint, peer)))
		return false;
	enforce_pass(p, entry, side);
	return true;
}

/* Conntrack and policy of one endpoint for a packet that passes it in direction; peer is the identity
 * of the other end. 0 or a negative reason; the packet's event then speaks for this endpoint. */
static __always_inline int enforce(struct __sk_buff *skb, struct packet *p,
				   const struct endpoint *endpoint, __u8 direction, __u32 peer)
{
	return enforce_known(p, endpoint, direction, peer)
		       ? 0
		       : enforce_any(skb, p, endpoint, direction, peer);
}

#endif
