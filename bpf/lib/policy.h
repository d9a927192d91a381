/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_POLICY_H
#define SEKISHO_LIB_POLICY_H

#include "drop.h"
#include "maps/policies.h"
#include "packet.h"

static __always_inline int policy_default(struct packet *p, const struct endpoint *endpoint,
					  __u8 direction)
{
	__u32 enforced = direction == EGRESS ? ENDPOINT_ENFORCE_EGRESS : ENDPOINT_ENFORCE_INGRESS;

	if (!(endpoint->flags & enforced)) {
		p->rule_id = RULE_NOT_ENFORCED;
		return 0;
	}
	p->rule_id = RULE_DEFAULT_DENY;
	return -DROP_POLICY_DENIED;
}

static __always_inline int is_pod(__u32 identity)
{
	return identity >= IDENTITY_FIRST_POD && identity < IDENTITY_FIRST_LOCAL;
}

/* What the endpoint's policy says of who the peer is. The table holds for each peer the most specific
 * ports; between the peer's entry and the one for any peer the precedence decides. A pod without an
 * entry of its own has that for every pod. */
static __always_inline int policy_by_identity(struct packet *p, const struct endpoint *endpoint,
					      __u8 direction, __u32 peer)
{
	struct policy_key key = {
		.prefix_length = POLICY_PREFIX_FULL,
		.identity = peer,
		.egress = direction,
		.protocol = p->tuple.protocol,
		.port = p->policy_port,
	};
	__u32 id = endpoint->id;
	const struct policy_entry *entry, *any;
	void *table = bpf_map_lookup_elem(&policies, &id);

	p->rule_id = RULE_UNKNOWN;
	if (!table)
		return -DROP_NO_POLICY;
	entry = bpf_map_lookup_elem(table, &key);
	if (!entry && is_pod(peer)) {
		key.identity = IDENTITY_EVERY_POD;
		entry = bpf_map_lookup_elem(table, &key);
	}
	key.identity = IDENTITY_ANY;
	any = bpf_map_lookup_elem(table, &key);
	if (!entry || (any && any->precedence > entry->precedence))
		entry = any;
	if (!entry)
		return policy_default(p, endpoint, direction);
	p->rule_id = entry->rule_id;
	if (entry->flags & POLICY_AUDIT_FLAG)
		p->flags |= EVENT_AUDITED;
	if (entry->flags & POLICY_DENY_FLAG)
		return entry->rule_id == RULE_DEFAULT_DENY ? -DROP_POLICY_DENIED : -DROP_POLICY_DENY;
	/* There is no proxy to send it to, and past it it must not go. */
	return entry->proxy_port ? -DROP_PROXY_UNSUPPORTED : 0;
}

/* What the endpoint's policy says of the peer's address: entries of blocks allow, if only because
 * what would drop is under audit. */
static __noinline int policy_by_address(struct packet *p, const struct endpoint *endpoint,
					__u8 direction)
{
	struct ipcache_key prefix = {.prefix_length = 128};
	struct policy_key key = {
		.prefix_length = POLICY_PREFIX_FULL,
		.egress = direction,
		.protocol = p->tuple.protocol,
		.port = p->policy_port,
	};
	__u32 id = endpoint->id, *block;
	const struct policy_entry *entry;
	void *table;

	/* Of the packet's direction, for it may be a reply. */
	prefix.address = p->direction == EGRESS ? p->tuple.destination : p->tuple.source;
	block = bpf_map_lookup_elem(&policy_blocks, &prefix);
	if (!block)
		return -DROP_POLICY_DENIED;
	key.identity = *block;
	table = bpf_map_lookup_elem(&policies, &id);
	if (!table)
		return -DROP_POLICY_DENIED;
	entry = bpf_map_lookup_elem(table, &key);
	if (!entry || entry->flags == POLICY_DENY_FLAG || entry->proxy_port)
		return -DROP_POLICY_DENIED;
	p->rule_id = entry->rule_id;
	if (entry->flags & POLICY_DENY_FLAG) {
		p->flags |= EVENT_AUDITED;
		return -DROP_POLICY_DENIED;
	}
	p->flags &= ~EVENT_AUDITED;
	return 0;
}

/* Whether the endpoint's policy allows the packet from or to the peer: 0 or a negative reason; the
 * deciding rule goes to p->rule_id. Addresses are asked last, where nothing but the default denies:
 * whoever is allowed by what he is pays nothing for them. */
static __noinline int policy_decide(struct packet *p, const struct endpoint *endpoint,
				    __u8 direction, __u32 peer)
{
	int reason = policy_by_identity(p, endpoint, direction, peer);

	return reason == -DROP_POLICY_DENIED ? policy_by_address(p, endpoint, direction) : reason;
}

#endif
