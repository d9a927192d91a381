/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_MAPS_CONNTRACK_H
#define SEKISHO_MAPS_CONNTRACK_H

#include "types.h"
#include <bpf/bpf_helpers.h>

#define CONNTRACK_ELEMENTS 8193 /* for 65536 connections */

/* Connections, by the tuple that the opener sent and the direction in which the deciding endpoint
 * sees it: a connection between two pods of a node has two entries, one for each end's decision.
 * TCP apart from the rest, so that a flood of one does not push out the other. A struct
 * conntrack_table, and buckets (lib/conntrack_table.h). */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, CONNTRACK_ELEMENTS);
	__type(key, __u32);
	__type(value, struct conntrack_bucket);
} conntrack_tcp SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, CONNTRACK_ELEMENTS);
	__type(key, __u32);
	__type(value, struct conntrack_bucket);
} conntrack_any SEC(".maps");

/* Until when connections may be known to tables of the agent before alone, from which they are carried over;
 * CLOCK_MONOTONIC ns, key 0. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} conntrack_moving SEC(".maps");

#endif
