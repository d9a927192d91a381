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

/* Puts a connection, unless a living one is there; 1 or 0. But one that was brought in the midst of its
 * handshake, and has more time to live since, is brought again. */
__noinline int conntrack_bring(const struct conntrack_slot *slot)
{
	const struct conntrack_entry *there;
	__u64 now = bpf_ktime_get_ns();

	if (!slot)
		return 0;
	there = conntrack_get(&slot->key);
	if (there && there->expires > now &&
	    ((there->flags & CONNTRACK_ESTABLISHED) || there->expires >= slot->entry.expires))
		return 0;
	return !conntrack_store(&slot->key, &slot->entry, now);
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
