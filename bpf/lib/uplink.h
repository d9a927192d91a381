/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Other devices than the underlay by which packets leave the cluster. */
#ifndef SEKISHO_LIB_UPLINK_H
#define SEKISHO_LIB_UPLINK_H

#include "config.h"
#include "identity.h"
#include "maps/uplinks.h"

/* Whether there are any; a load from memory. */
static __always_inline bool uplinks_exist(void)
{
	__u32 key = 0, *count = bpf_map_lookup_elem(&uplink_count, &key);

	return count && *(volatile __u32 *)count;
}

/* What is to be known of the device; NULL for the underlay, and for devices that are none of ours. */
static __always_inline const struct uplink *uplink_of(__u32 ifindex)
{
	if (ifindex == config.underlay_ifindex || !uplinks_exist())
		return NULL;
	return bpf_map_lookup_elem(&uplinks, &ifindex);
}

static __always_inline bool is_uplink_address(const union address *address)
{
	return uplinks_exist() && bpf_map_lookup_elem(&uplink_addresses, address);
}

/* Whether the node itself has the address, on the underlay or on an uplink. */
static __always_inline bool is_own_address(const union address *address)
{
	return is_node_address(address) || is_uplink_address(address);
}

#endif
