/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The tables of connections: each bucket has a slot for CONNTRACK_WAYS of them. A connection that finds no
 * empty slot in its bucket takes that of one that has ended, or else of the one that ends first; so nobody
 * has to sweep, and a flood of connections that nobody answers pushes out its own kind. */
#ifndef SEKISHO_LIB_CONNTRACK_TABLE_H
#define SEKISHO_LIB_CONNTRACK_TABLE_H

#include "maps/conntrack.h"
#include "packet.h"

/* The lowest bits of a slot's tag. */
#define TAG_THERE 1 /* it holds a connection; else it is being written */
#define TAG_TAKEN 2 /* it is not empty */

/* Between two calls that differ in the map alone: the compiler would make one of them, with a map that
 * the verifier does not know, and so neither inlines nor calls directly. */
#define KEEP_APART() asm volatile("")

/* Where a key belongs. */
struct conntrack_place {
	__u32 tcp;
	__u32 bucket;
	__u32 way; /* where the search begins */
	__u32 tag;
};

static __always_inline struct conntrack_bucket *conntrack_bucket(bool tcp, __u32 number)
{
	struct conntrack_bucket *bucket;

	if (tcp) {
		bucket = bpf_map_lookup_elem(&conntrack_tcp, &number);
		KEEP_APART();
		return bucket;
	}
	return bpf_map_lookup_elem(&conntrack_any, &number);
}

/* struct tuple's direction in the last of its words. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define TUPLE_DIRECTION (0xffULL << 40)
#else
#define TUPLE_DIRECTION (0xffULL << 16)
#endif

/* A connection between two pods of a node has two entries: half a table from each other, so that the second
 * never takes the place of the first. */
#define OTHER_END 0x8000000080000000ULL

/* Products of sums with secret words: no one can choose tuples that meet in a bucket (NH, RFC 4418, section
 * 5.2.2). The last steps spread the result over all bits (MurmurHash3's). */
static __always_inline bool conntrack_place(const struct tuple *key, struct conntrack_place *place)
{
	const struct conntrack_table *table;
	const __u64 *words = (const void *)key;
	__u64 hash = 0, with, word;
	int i;

	place->tcp = key->protocol == IPPROTO_TCP;
	table = (void *)conntrack_bucket(place->tcp, 0);
	if (!table)
		return false;
#pragma unroll
	for (i = 0; i < 5; i++) {
		with = table->secret[i];
		word = i == 4 ? words[i] & ~TUPLE_DIRECTION : words[i];
		hash += (__u64)((__u32)word + (__u32)with) *
			(__u32)((__u32)(word >> 32) + (__u32)(with >> 32));
	}
	hash ^= hash >> 32;
	hash *= 0xff51afd7ed558ccdULL;
	hash ^= hash >> 32;
	hash ^= key->direction * OTHER_END;
	place->bucket = 1 + ((hash >> 32) * table->buckets >> 32);
	place->way = hash;
	place->tag = (__u32)hash | TAG_TAKEN | TAG_THERE;
	return true;
}

/* The bucket of the key, and its place there. */
static __always_inline struct conntrack_bucket *conntrack_locate(const struct tuple *key,
								 struct conntrack_place *place)
{
	return key && conntrack_place(key, place) ? conntrack_bucket(place->tcp, place->bucket) : NULL;
}

static __always_inline bool conntrack_key_is(const struct tuple *a, const struct tuple *b)
{
	const __u64 *x = (const void *)a, *y = (const void *)b;

	return x[4] == y[4] && x[3] == y[3] && x[1] == y[1] && x[0] == y[0] && x[2] == y[2];
}

/* The number of the key's slot, or negative. Global, as those below: verified once, not in each walk. */
__noinline int conntrack_find_slot(const struct tuple *key)
{
	struct conntrack_place place;
	struct conntrack_bucket *bucket = conntrack_locate(key, &place);
	__u32 way, i;

	if (!bucket)
		return -1;
	for (i = 0; i < CONNTRACK_WAYS; i++) {
		way = (place.way + i) % CONNTRACK_WAYS;
		if (bucket->tags[way] == place.tag &&
		    conntrack_key_is(key, &bucket->slots[way].key))
			return place.bucket * CONNTRACK_WAYS + way;
	}
	return -1;
}

/* The entry under the key, be its connection alive or not. */
static __always_inline struct conntrack_entry *conntrack_get(const struct tuple *key)
{
	struct conntrack_bucket *bucket;
	int slot = conntrack_find_slot(key);

	if (slot < 0)
		return NULL;
	bucket = conntrack_bucket(key->protocol == IPPROTO_TCP, slot / CONNTRACK_WAYS);
	return bucket ? &bucket->slots[slot % CONNTRACK_WAYS].entry : NULL;
}

/* FIN from both sides, or a reset. */
static __always_inline bool conntrack_closing(const struct conntrack_entry *entry)
{
	__u8 opener = entry->tcp_flags[SIDE_OPENER], replier = entry->tcp_flags[SIDE_REPLIER];

	return (opener & replier & TCP_FIN) || ((opener | replier) & TCP_RST);
}

/* The slot whose connection ends first: by arithmetic, for each branch would double what the verifier
 * follows. */
static __always_inline __u32 conntrack_first_to_end(const struct conntrack_bucket *bucket)
{
	__s64 first = ~0ULL >> 1, end;
	__u32 way;

	for (way = 0; way < CONNTRACK_WAYS; way++) {
		end = (bucket->slots[way].entry.expires & ~(CONNTRACK_WAYS - 1ULL)) | way;
		first += (end - first) & ((end - first) >> 63);
	}
	return (__u64)first % CONNTRACK_WAYS;
}

/* Whether the slot is the key's; while it is being written only the tag says so. */
static __always_inline bool conntrack_is_own(const struct conntrack_bucket *bucket, __u32 way,
					     const struct tuple *key,
					     const struct conntrack_place *place)
{
	__u32 tag = bucket->tags[way];

	return (tag | TAG_THERE) == place->tag &&
	       (!(tag & TAG_THERE) || conntrack_key_is(key, &bucket->slots[way].key));
}

/* The way to take for the key: its own, one that is empty or whose connection has ended, or the first to end.
 * The second search stops at its own, too: another processor may have begun it since. Global, for inline the
 * verifier would follow what comes after it from each of its ends: 217,000 instructions more a program. */
__noinline int conntrack_way(const struct conntrack_bucket *bucket, const struct tuple *key,
			     const struct conntrack_place *place, __u64 now)
{
	__u32 i, way, tag;

	if (!bucket || !key || !place)
		return 0;
	for (i = 0; i < CONNTRACK_WAYS; i++) {
		way = (place->way + i) % CONNTRACK_WAYS;
		if (conntrack_is_own(bucket, way, key, place))
			return way;
	}
	for (i = 0; i < CONNTRACK_WAYS; i++) {
		way = (place->way + i) % CONNTRACK_WAYS;
		tag = bucket->tags[way];
		if (!tag || conntrack_is_own(bucket, way, key, place) ||
		    ((tag & TAG_THERE) && (__s64)(bucket->slots[way].entry.expires - now) <= 0))
			return way;
	}
	return conntrack_first_to_end(bucket);
}

/* Puts the entry under the key; 0 or negative. Of two processors that want the same slot at once the second
 * puts nothing: as a rule it has the same connection. */
__noinline int conntrack_store(const struct tuple *key, const struct conntrack_entry *entry,
			       __u64 now)
{
	struct conntrack_place place = {};
	struct conntrack_bucket *bucket = conntrack_locate(key, &place);
	struct conntrack_slot *slot;
	__u32 way, tag;

	if (!bucket || !entry)
		return -1;
	way = (__u32)conntrack_way(bucket, key, &place, now) % CONNTRACK_WAYS;
	tag = bucket->tags[way];
	if ((tag && !(tag & TAG_THERE)) ||
	    __sync_val_compare_and_swap(&bucket->tags[way], tag, place.tag - TAG_THERE) != tag)
		return 0;
	slot = &bucket->slots[way];
	slot->key = *key;
	slot->entry = *entry;
	__sync_lock_test_and_set(&bucket->tags[way], place.tag); /* in order, as all that give a value back */
	return 0;
}

#endif
