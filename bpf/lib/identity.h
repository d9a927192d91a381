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

/* Of what the tables say now; odd: they are being changed, and nothing may be remembered. Read before
 * they are. */
static __always_inline __u32 tables_version(void)
{
	__u32 key = 0, *current = bpf_map_lookup_elem(&ipcache_version, &key);

	return current ? *(volatile __u32 *)current : 1;
}

/* Of all 128 bits, as far as a place in a small table takes it. */
static __always_inline __u32 address_hash(const union address *address)
{
	__u64 both = address->halves[0] ^ address->halves[1];
	__u32 hash = both ^ both >> 32;

	hash ^= hash >> 16;
	return hash ^ hash >> 8;
}

static __always_inline void endpoint_note(struct endpoint_recent *recent, __u32 version,
					  const struct endpoint *found)
{
	recent->version = version;
	recent->endpoint = *found;
}

/* The same as endpoint_of, remembered. Good until the next call, so a program asks once. */
static __always_inline const struct endpoint *endpoint_recall(const union address *address)
{
	__u32 version = tables_version(), place = address_hash(address) & (ENDPOINT_RECENT_ENTRIES - 1);
	struct endpoint_recent *recent = bpf_map_lookup_elem(&endpoint_recent, &place);
	const struct endpoint *found;

	if (recent && recent->version == version && recent->endpoint.ifindex &&
	    address_equal(&recent->address, address))
		return &recent->endpoint;
	found = endpoint_of(address);
	if (recent && found && !(version & 1)) {
		recent->address = *address;
		endpoint_note(recent, version, found);
	}
	return found;
}

/* The pod of the interface, remembered; asked once by a program. */
static __always_inline const struct endpoint *endpoint_on(__u32 ifindex)
{
	__u32 version = tables_version(), place = ifindex & (ENDPOINT_RECENT_ENTRIES - 1);
	struct endpoint_recent *recent = bpf_map_lookup_elem(&interface_recent, &place);
	const struct endpoint *found;

	if (recent && recent->version == version && recent->endpoint.ifindex == ifindex)
		return &recent->endpoint;
	found = bpf_map_lookup_elem(&endpoint_config, &ifindex);
	if (recent && found && !(version & 1))
		endpoint_note(recent, version, found);
	return found;
}

static __always_inline const struct ipcache_entry *ipcache_ask(const union address *address)
{
	struct ipcache_key key = {.prefix_length = 128, .address = *address};

	return bpf_map_lookup_elem(&ipcache, &key);
}

/* The place of the address among those asked for last. */
static __always_inline struct ipcache_recent *ipcache_place(const union address *address)
{
	__u32 place = address_hash(address) & (IPCACHE_RECENT_ENTRIES - 1);

	return bpf_map_lookup_elem(&ipcache_recent, &place);
}

/* Identity and node of an address; NULL for the world. Good until the next call. */
static __noinline const struct ipcache_entry *ipcache_of(const union address *address)
{
	struct ipcache_recent *recent = ipcache_place(address);
	__u32 version = tables_version();
	const struct ipcache_entry *entry;

	if (!recent)
		return ipcache_ask(address);
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
