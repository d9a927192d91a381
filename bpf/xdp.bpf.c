/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The underlay's device, before the kernel makes anything of a frame (XDP): what comes from a denied
 * prefix goes no further. Attached only while there are such prefixes. */
#include "config.h"
#include "lib/address.h"
#include "lib/drop.h"
#include "lib/metrics.h"
#include "lib/ring.h"
#include "maps/prefilter.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

/* Drops that each CPU tells in a second; all are counted. */
#define TOLD_PER_SECOND 64
#define SECOND_NS 1000000000ULL

#define VLAN_TAGS 2

struct vlan_tag {
	__be16 tag;
	__be16 type;
};

/* Where in the frame a packet begins, and of which family it is. */
struct place {
	void *network;
	void *end;
	__be16 type;
};

/* Finds the packet behind up to two VLAN tags; false if the frame is too short. */
static __always_inline bool find_packet(struct xdp_md *ctx, struct place *at)
{
	struct ethhdr *eth = (void *)(long)ctx->data;

	at->end = (void *)(long)ctx->data_end;
	if ((void *)(eth + 1) > at->end)
		return false;
	at->type = eth->h_proto;
	at->network = eth + 1;
	for (int i = 0; i < VLAN_TAGS; i++) {
		struct vlan_tag *tag = at->network;

		if (at->type != bpf_htons(ETH_P_8021Q) && at->type != bpf_htons(ETH_P_8021AD))
			return true;
		if ((void *)(tag + 1) > at->end)
			return false;
		at->type = tag->type;
		at->network = tag + 1;
	}
	return true;
}

/* Whether this CPU may tell one more drop in this second. */
static __always_inline bool may_tell(__u64 now)
{
	struct prefilter_told *told;
	__u32 key = 0;

	told = bpf_map_lookup_elem(&prefilter_told, &key);
	if (!told)
		return false;
	if (now - told->since >= SECOND_NS) {
		told->since = now;
		told->count = 0;
	}
	return told->count++ < TOLD_PER_SECOND;
}

/* Ports behind a header without options; they may lie outside of the frame. */
static __always_inline void tell_ports(struct event *event, const __be16 *ports, const void *end)
{
	bool known = event->protocol == IPPROTO_TCP || event->protocol == IPPROTO_UDP;

	if (!known || (const void *)(ports + 2) > end)
		return;
	event->source_port = bpf_ntohs(ports[0]);
	event->destination_port = bpf_ntohs(ports[1]);
}

static __always_inline void tell_ends(struct event *event, const struct place *at)
{
	if (at->type == bpf_htons(ETH_P_IP)) {
		const struct iphdr *ip = at->network;

		if ((const void *)(ip + 1) > at->end)
			return;
		address_of_ipv4(&event->source, ip->saddr);
		address_of_ipv4(&event->destination, ip->daddr);
		event->protocol = ip->protocol;
		if (ip->ihl == 5)
			tell_ports(event, (const __be16 *)(ip + 1), at->end);
	} else {
		const struct ipv6hdr *ip = at->network;

		if ((const void *)(ip + 1) > at->end)
			return;
		address_of_ipv6(&event->source, ip->saddr);
		address_of_ipv6(&event->destination, ip->daddr);
		event->protocol = ip->nexthdr;
		tell_ports(event, (const __be16 *)(ip + 1), at->end);
	}
}

/* Some drops are told, each of them whole; how many there were the counters say. */
static __always_inline void tell(struct xdp_md *ctx, const struct place *at, __u32 length)
{
	__u64 now = bpf_ktime_get_ns();
	struct event *event;

	if (!may_tell(now))
		return;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		event_lose(1);
		return;
	}
	__builtin_memset(event, 0, sizeof(*event));
	event->timestamp = now;
	event->packets = 1;
	event->bytes = length;
	event->source_identity = IDENTITY_WORLD;
	event->ifindex = ctx->ingress_ifindex;
	event->type = EVENT_DROP;
	event->subtype = DROP_PREFIX_DENIED;
	tell_ends(event, at);
	bpf_ringbuf_submit(event, event_wakeup());
}

static __always_inline bool is_denied_ipv4(const struct place *at)
{
	const struct iphdr *ip = at->network;
	struct prefix_ipv4 key = {.prefix_length = 32};
	const __u32 *verdict;

	if ((const void *)(ip + 1) > at->end)
		return false;
	key.address = ip->saddr;
	verdict = bpf_map_lookup_elem(&prefilter_ipv4, &key);
	return verdict && *verdict == PREFIX_DENIED;
}

static __always_inline bool is_denied_ipv6(const struct place *at)
{
	const struct ipv6hdr *ip = at->network;
	struct ipcache_key key = {.prefix_length = 128};
	const __u32 *verdict;
	union address source;

	if ((const void *)(ip + 1) > at->end)
		return false;
	address_of_ipv6(&source, ip->saddr);
	key.address = source;
	verdict = bpf_map_lookup_elem(&prefilter_ipv6, &key);
	return verdict && *verdict == PREFIX_DENIED;
}

SEC("xdp")
int prefilter(struct xdp_md *ctx)
{
	struct place at;
	bool denied = false;
	__u32 length;

	if (!find_packet(ctx, &at))
		return XDP_PASS;
	if (at.type == bpf_htons(ETH_P_IP))
		denied = is_denied_ipv4(&at);
	else if (at.type == bpf_htons(ETH_P_IPV6))
		denied = is_denied_ipv6(&at);
	if (!denied)
		return XDP_PASS;
	length = at.end - at.network;
	metrics_add(DROP_PREFIX_DENIED, INGRESS, length);
	tell(ctx, &at, length);
	return XDP_DROP;
}
