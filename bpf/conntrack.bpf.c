/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* What the agent does in tables of connections by key, run by BPF_PROG_TEST_RUN and never attached: only
 * here is it known where a key belongs. What is asked of them lies behind an Ethernet header, which a
 * test run wants. */
#include "config.h"
#include "lib/conntrack_table.h"

char LICENSE[] SEC("license") = "GPL";

#define ASKED_FROM 16 /* where the first one begins, bytes */
#define ASKED_KEYS 32 /* so many bits has an answer */
#define ASKED_SLOTS 24

/* Whether the key has a living connection: 1 or 0. Global, as the next one, for the verifier would follow the
 * loops below once for each row of answers. */
__noinline int conntrack_is_living(const struct tuple *key)
{
	struct conntrack_entry *entry;

	if (!key)
		return 0;
	entry = conntrack_get(key);
	return entry && entry->expires > bpf_ktime_get_ns();
}

/* Which of up to ASKED_KEYS tuples have a living connection: a bit for each, the lowest is the first's. */
SEC("tc")
int conntrack_ask(struct __sk_buff *skb)
{
	struct tuple key;
	__u32 living = 0, i;

	for (i = 0; i < ASKED_KEYS; i++) {
		if (bpf_skb_load_bytes(skb, ASKED_FROM + i * sizeof(key), &key, sizeof(key)))
			break;
		living |= (__u32)(conntrack_is_living(&key) & 1) << i;
	}
	return living;
}

/* A living connection that was brought before, as programs of before have seen it since: it may have been
 * answered only then, and say nothing for an hour. That it closes there is not heeded: the tuple may be that
 * of a new connection by now. */
static __always_inline void conntrack_catch_up(struct conntrack_entry *entry,
					       const struct conntrack_entry *seen)
{
	if (conntrack_closing(entry) || conntrack_closing(seen) || entry->endpoint != seen->endpoint ||
	    seen->expires <= entry->expires)
		return;
	entry->tcp_flags[SIDE_OPENER] |= seen->tcp_flags[SIDE_OPENER];
	entry->tcp_flags[SIDE_REPLIER] |= seen->tcp_flags[SIDE_REPLIER];
	entry->flags |= seen->flags & (CONNTRACK_ESTABLISHED | CONNTRACK_BY_STACK);
	entry->expires = seen->expires;
}

/* Puts a connection, unless there is a living one; 1 or 0. */
__noinline int conntrack_bring(const struct conntrack_slot *slot)
{
	__u64 now = bpf_ktime_get_ns();
	struct conntrack_entry *entry;

	if (!slot)
		return 0;
	entry = conntrack_get(&slot->key);
	if (!entry || entry->expires <= now)
		return !conntrack_store(&slot->key, &slot->entry, now);
	conntrack_catch_up(entry, &slot->entry);
	return 0;
}

/* Brings up to ASKED_SLOTS connections, each a struct conntrack_slot; how many it has put. */
SEC("tc")
int conntrack_carry(struct __sk_buff *skb)
{
	struct conntrack_slot slot;
	__u32 put = 0, i;

	for (i = 0; i < ASKED_SLOTS; i++) {
		if (bpf_skb_load_bytes(skb, ASKED_FROM + i * sizeof(slot), &slot, sizeof(slot)))
			break;
		put += conntrack_bring(&slot) & 1;
	}
	return put;
}
