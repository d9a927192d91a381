/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_MAPS_UPLINKS_H
#define SEKISHO_MAPS_UPLINKS_H

#include "types.h"
#include <bpf/bpf_helpers.h>

/* Devices beside the underlay by which pods' packets leave the cluster, by ifindex: what takes the place
 * of the pods' addresses there. The underlay's own are constants. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32);
	__type(key, __u32);
	__type(value, struct uplink);
} uplinks SEC(".maps");

/* All addresses of these devices, to the ifindex: the node's own, too. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 512);
	__type(key, union address);
	__type(value, __u32);
} uplink_addresses SEC(".maps");

/* How many there are, key 0. An array, as node_state is: where there are none, the other two are never
 * asked. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} uplink_count SEC(".maps");

#endif
