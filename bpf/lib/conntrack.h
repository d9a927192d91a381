/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_CONNTRACK_H
#define SEKISHO_LIB_CONNTRACK_H

#include "config.h"
#include "conntrack_table.h"
#include "drop.h"
#include "packet.h"

#define SECOND 1000000000ULL

/* How long an entry lives after its last packet. */
#define LIFETIME_TCP_SYN (60 * SECOND)
#define LIFETIME_TCP (21600 * SECOND)
#define LIFETIME_TCP_CLOSING (10 * SECOND)
#define LIFETIME_ANY (60 * SECOND)

static __always_inline bool is_tcp(const struct packet *p)
{
	return p->tuple.protocol == IPPROTO_TCP;
}

/* Whether the entry stands for a connection. One that another endpoint made (its address was given to
 * a new pod) is as good as none. */
static __always_inline bool conntrack_lives(const struct packet *p,
					    const struct conntrack_entry *entry, __u32 endpoint)
{
	return entry && entry->expires > p->now && entry->endpoint == endpoint;
}

/* The living entry of the key. */
static __always_inline struct conntrack_entry *
conntrack_living(const struct packet *p, const struct tuple *key, __u32 endpoint)
{
	struct conntrack_entry *entry = conntrack_get(key);

	return conntrack_lives(p, entry, endpoint) ? entry : NULL;
}

/* The living entry of the packet's connection, as the endpoint sees it that it passes in direction, but
 * for what opens one; side says who sent it. */
static __always_inline struct conntrack_entry *
conntrack_find(struct packet *p, __u32 endpoint, __u8 direction, __u32 *side)
{
	struct conntrack_entry *entry;

	p->tuple.direction = direction;
	p->reversed.direction = !direction;
	*side = SIDE_REPLIER;
	if (p->reply_first) {
		entry = conntrack_living(p, &p->reversed, endpoint);
		if (entry)
			return entry;
	}
	*side = SIDE_OPENER;
	entry = conntrack_living(p, &p->tuple, endpoint);
	if (entry || p->reply_first)
		return entry;
	*side = SIDE_REPLIER;
	return conntrack_living(p, &p->reversed, endpoint);
}

/* The same for any packet: a SYN opens a connection and is never a reply. */
static __noinline struct conntrack_entry *
conntrack_lookup(struct packet *p, __u32 endpoint, __u8 direction, __u32 *side)
{
	if (!p->opens)
		return conntrack_find(p, endpoint, direction, side);
	p->tuple.direction = direction;
	p->reversed.direction = !direction;
	*side = SIDE_OPENER;
	return conntrack_living(p, &p->tuple, endpoint);
}

/* Whether a packet may belong to a connection that is still being carried over from tables of the agent
 * before: for a moment, and not one that opens. Of TCP alone, which sends nothing else to who has not opened
 * or answered. */
static __always_inline bool conntrack_moves(const struct packet *p)
{
	__u32 key = 0;
	const __u64 *until;

	if (!is_tcp(p) || p->opens || p->fragment == FRAGMENT_LATER)
		return false;
	until = bpf_map_lookup_elem(&conntrack_moving, &key);
	return until && *until > p->now;
}

/* Long is the life of a TCP connection only when both sides were seen: else a sender alone could fill a table
 * with what outlives all others. */
static __always_inline __u64 conntrack_lifetime(const struct packet *p,
						const struct conntrack_entry *entry)
{
	if (!is_tcp(p))
		return LIFETIME_ANY;
	if (conntrack_closing(entry))
		return LIFETIME_TCP_CLOSING;
	return (entry->flags & CONNTRACK_ESTABLISHED) && entry->tcp_flags[SIDE_OPENER] &&
			       entry->tcp_flags[SIDE_REPLIER]
		       ? LIFETIME_TCP
		       : LIFETIME_TCP_SYN;
}

/* Notes the packet's TCP flags; which of them this side had not shown before. */
static __always_inline __u8 conntrack_see_flags(const struct packet *p,
						struct conntrack_entry *entry, __u32 side)
{
	__u8 seen = entry->tcp_flags[side & 1], fresh = p->tcp_flags & ~seen;

	if (fresh)
		entry->tcp_flags[side & 1] = seen | fresh;
	if (is_tcp(p) && !(p->tcp_flags & TCP_SYN) && p->fragment != FRAGMENT_LATER &&
	    !(entry->flags & CONNTRACK_ESTABLISHED))
		entry->flags |= CONNTRACK_ESTABLISHED;
	return fresh;
}

/* Counts a packet of this side. Of TCP, which sends one after the other, without a lock on memory, which
 * costs a tenth of all that a program does: should two processors have packets of one side at once, because
 * its sender moved, one may go uncounted. */
static __always_inline void conntrack_count(const struct packet *p, struct conntrack_side *side)
{
	if (is_tcp(p)) {
		side->packets++;
		side->bytes += p->length;
	} else {
		__sync_fetch_and_add(&side->packets, 1);
		__sync_fetch_and_add(&side->bytes, p->length);
	}
}

/* What was counted since; where a count was lost, it may be less than what was told. */
static __always_inline __u64 conntrack_since(__s64 difference)
{
	return difference > 0 ? difference : 0;
}

/* The time as entries keep that of reports. */
static __always_inline __u32 report_time(const struct packet *p)
{
	return p->now >> REPORT_SHIFT;
}

/* Whether so much time is gone since this side's last report, or there was none; a report that another
 * processor has made in the same tick lies ahead. */
static __always_inline bool conntrack_is_due(const struct packet *p,
					     const struct conntrack_entry *entry, __u32 index)
{
	return !entry->side[index & 1].reported_packets ||
	       (__s32)(report_time(p) - entry->reported_at[index & 1]) >=
		       (__s32)(config.aggregation_ns >> REPORT_SHIFT);
}

/* Takes what this side has sent since its last report into the packet's event. Of two processors
 * that want to report at once, the one that sets the time does. */
static __always_inline void conntrack_report(struct packet *p, struct conntrack_entry *entry, __u32 index)
{
	struct conntrack_side *side = &entry->side[index & 1];
	__u32 *at = &entry->reported_at[index & 1];
	__u32 last = *at, packets;
	__u64 bytes;

	packet_clock(p);
	if (__sync_val_compare_and_swap(at, last, report_time(p)) != last)
		return;
	packets = side->packets;
	bytes = side->bytes;
	p->report_packets = conntrack_since((__s32)(packets - side->reported_packets));
	p->report_bytes = conntrack_since((__s64)(bytes - side->reported_bytes));
	side->reported_packets = packets;
	side->reported_bytes = bytes;
	p->report = true;
}

/* Counts a packet of a known connection, prolongs its life, and sees whether it is due. */
static __always_inline void conntrack_account(struct packet *p, struct conntrack_entry *entry,
					      __u32 index)
{
	struct conntrack_side *side = &entry->side[index & 1];
	__u8 fresh = conntrack_see_flags(p, entry, index);

	conntrack_count(p, side);
	entry->expires = p->now + conntrack_lifetime(p, entry);
	if (index == SIDE_OPENER && p->by_stack && !(entry->flags & CONNTRACK_BY_STACK))
		entry->flags |= CONNTRACK_BY_STACK;
	if ((fresh & config.report_tcp_flags) || conntrack_is_due(p, entry, index))
		conntrack_report(p, entry, index);
}

/* A packet that belongs to no connection and opens none is told for itself. */
static __always_inline void conntrack_report_alone(struct packet *p)
{
	p->report_packets = 1;
	p->report_bytes = p->length;
	p->report = true;
}

/* Notes a connection of which side has sent this packet; 0 or a negative reason. */
static __always_inline int conntrack_insert(struct packet *p, const struct endpoint *endpoint,
					    __u32 peer, const struct tuple *key, __u32 side)
{
	struct conntrack_entry entry = {
		.endpoint = endpoint->id,
		.policy_revision = endpoint->policy_revision,
		.peer_identity = peer,
		.rule_id = p->rule_id,
		.flags = (p->flags & EVENT_AUDITED ? CONNTRACK_AUDITED : 0) |
			 (p->by_stack ? CONNTRACK_BY_STACK : 0),
	};
	struct conntrack_side *sender = &entry.side[side];

	packet_clock(p);
	conntrack_see_flags(p, &entry, side);
	entry.expires = p->now + conntrack_lifetime(p, &entry);
	sender->packets = sender->reported_packets = p->report_packets = 1;
	sender->bytes = sender->reported_bytes = p->report_bytes = p->length;
	entry.reported_at[side] = report_time(p);
	p->flags |= EVENT_OPENED;
	p->report = true;
	return conntrack_store(key, &entry, p->now) ? -DROP_CONNTRACK_INSERT : 0;
}

/* A new connection, opened by this packet and allowed by p->rule_id; 0 or a negative reason. */
static __noinline int conntrack_create(struct packet *p, const struct endpoint *endpoint,
				       __u32 peer)
{
	return conntrack_insert(p, endpoint, peer, &p->tuple, SIDE_OPENER);
}

/* The same for one that was open before anything was noted, of which a reply is seen first. */
static __noinline int conntrack_adopt(struct packet *p, const struct endpoint *endpoint, __u32 peer)
{
	return conntrack_insert(p, endpoint, peer, &p->reversed, SIDE_REPLIER);
}

/* Ends the connection; its slot is the next one's. */
static __always_inline void conntrack_delete(struct conntrack_entry *entry)
{
	entry->expires = 0;
}

#endif
