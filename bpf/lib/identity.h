/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_IDENTITY_H
#define SEKISHO_LIB_IDENTITY_H

#include "address.h"
#include "config.h"
#include "maps/endpoints.h"
#include "maps/ipcache.h"

/* The local pod that has the address. */
static __always_inline const struct endpoint *endpoint_of(const union address *address)
{
	return bpf_map_lookup_elem(&endpoints, address);
}

static __always_inline const struct ipcache_entry *ipcache_ask(const union address *address)
{
	struct ipcache_key key = {.prefix_length = 128, .address = *address};

	return bpf_map_lookup_elem(&ipcache, &key);
}

/* The place of the address among those asked for last. */
static __always_inline struct ipcache_recent *ipcache_place(const union address *address)
{
	__u64 both = address->halves[0] ^ address->halves[1];
	__u32 hash = both ^ both >> 32, place;

	hash ^= hash >> 16;
	place = (hash ^ hash >> 8) & (IPCACHE_RECENT_ENTRIES - 1);
	return bpf_map_lookup_elem(&ipcache_recent, &place);
}

/* Identity and node of an address; NULL for the world. Good until the next call. */
static __noinline const struct ipcache_entry *ipcache_of(const union address *address)
{
	struct ipcache_recent *recent = ipcache_place(address);
	const struct ipcache_entry *entry;
	__u32 key = 0, version, *current = bpf_map_lookup_elem(&ipcache_version, &key);

	if (!recent || !current)
		return ipcache_ask(address);
	version = *(volatile __u32 *)current; /* before the trie is asked */
	if (recent->version == version && recent->known && address_equal(&recent->address, address))
		return recent->known == RECENT_ENTRY ? &recent->entry : NULL;
	entry = ipcache_ask(address);
	if (version & 1)
		return entry;
	recent->address = *address;
	recent->version = version;
	recent->known = entry ? RECENT_ENTRY : RECENT_WORLD;
	if (entry)
		recent->entry = *entry;
	return entry;
}

static __always_inline __u32 identity_of(const struct ipcache_entry *entry)
{
	return entry ? entry->identity : IDENTITY_WORLD;
}

/* Whether the identity is another node's, told from others by its labels or not. */
static __always_inline bool is_remote_node(__u32 identity)
{
	return identity == IDENTITY_REMOTE_NODE || identity >> 24 == REMOTE_NODES;
}

/* Whether the entry is for this node's pods alone. */
static __always_inline bool is_own(const struct ipcache_entry *entry)
{
	return entry && (entry->flags & IPCACHE_OWN);
}

/* Whether the address is the cluster's, but no pod has it: one of this node's pod ranges, or of a
 * node's that is gone. */
static __always_inline bool is_vacant(const struct ipcache_entry *entry)
{
	return is_own(entry) || identity_of(entry) == IDENTITY_UNMANAGED;
}

/* Whether it is known that no pod of this node has the address: the lookup of pods can be spared. */
static __always_inline bool is_elsewhere(const struct ipcache_entry *entry)
{
	return entry && (entry->flags & IPCACHE_ELSEWHERE);
}

/* Whether the node itself has the address. The verifier knows the settings, and leaves out the places
 * that hold none. */
static __always_inline bool is_node_address(const union address *address)
{
	for (int i = 0; i < NODE_ADDRESSES; i++) {
		__u64 low = config.node_addresses[i].halves[1], high = config.node_addresses[i].halves[0];

		if ((low || high) && low == address->halves[1] && high == address->halves[0])
			return true;
	}
	return false;
}

#endif
