/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_DELIVER_H
#define SEKISHO_LIB_DELIVER_H

#include "drop.h"
#include "fragment.h"
#include "packet.h"
#include <bpf/bpf_endian.h>

#define IPV4_TTL_OFFSET (ETH_HLEN + 8)
#define IPV6_HOP_LIMIT_OFFSET (ETH_HLEN + 7)

/* TTL, protocol, checksum: the four bytes of an IPv4 header that a hop changes. */
struct ipv4_hop {
	__u8 ttl;
	__u8 protocol;
	__sum16 check;
};

/* One hop less, RFC 1624 for the checksum: the sum falls by 0x0100, so its complement rises. */
static __always_inline void lower_hop(struct ipv4_hop *hop, const struct ipv4_hop *old)
{
	__u32 check = old->check + (__u32)bpf_htons(0x0100);

	hop->ttl = old->ttl - 1;
	hop->protocol = old->protocol;
	hop->check = check + (check >= 0xffff);
}

static __always_inline int count_hop_ipv4(struct __sk_buff *skb)
{
	struct ipv4_hop *old = packet_bytes(skb, IPV4_TTL_OFFSET, sizeof(*old)), hop;

	if (!old)
		return -DROP_INVALID_PACKET;
	lower_hop(&hop, old);
	return bpf_skb_store_bytes(skb, IPV4_TTL_OFFSET, &hop, sizeof(hop), 0) ? -DROP_WRITE_ERROR
									       : 0;
}

/* Whether the packet may not go on from here; asked before anything is decided or remembered. */
static __always_inline bool hops_exceeded(const struct packet *p)
{
	return p->hop_limit <= 1;
}

/* We are a router on the packet's way; 0 or a negative reason. Only the IPv6 header changes the sum
 * that a network card may have put beside the packet. */
static __always_inline int count_hop(struct __sk_buff *skb, const struct packet *p)
{
	__u8 left = p->hop_limit - 1;

	if (!p->ipv6)
		return count_hop_ipv4(skb);
	return bpf_skb_store_bytes(skb, IPV6_HOP_LIMIT_OFFSET, &left, sizeof(left),
				   BPF_F_RECOMPUTE_CSUM)
		       ? -DROP_WRITE_ERROR
		       : 0;
}

/* To the node's stack, which does the rest. */
static __always_inline int to_stack(struct packet *p)
{
	fragment_by_stack(p);
	p->point = TO_STACK;
	return TC_ACT_OK;
}

/* An IPv4 frame up to what a hop changes: a helper call costs more than the copy. */
struct ipv4_front {
	__u8 macs[2 * ETH_ALEN];
	__u32 between[2]; /* Ethernet type to identification */
	__be16 frag_off;
	struct ipv4_hop hop;
};

#define IPV4_FRONT (IPV4_TTL_OFFSET + sizeof(struct ipv4_hop))

/* A hop less, and the MACs of the next link; 0 or a negative reason. */
static __always_inline int readdress_ipv4(struct __sk_buff *skb, const __u8 *macs)
{
	struct ipv4_front *old = packet_bytes(skb, 0, IPV4_FRONT), front;

	if (!old)
		return -DROP_INVALID_PACKET;
	__builtin_memcpy(front.macs, macs, sizeof(front.macs));
	front.between[0] = old->between[0];
	front.between[1] = old->between[1];
	front.frag_off = old->frag_off;
	lower_hop(&front.hop, &old->hop);
	return bpf_skb_store_bytes(skb, 0, &front, IPV4_FRONT, 0) ? -DROP_WRITE_ERROR : 0;
}

static __always_inline int readdress(struct __sk_buff *skb, const struct packet *p,
				     const __u8 *macs)
{
	int reason;

	if (!p->ipv6)
		return readdress_ipv4(skb, macs);
	reason = count_hop(skb, p);
	if (reason)
		return reason;
	return bpf_skb_store_bytes(skb, 0, macs, 2 * ETH_ALEN, 0) ? -DROP_WRITE_ERROR : 0;
}

/* Into the local pod, past the host's stack: straight to the inner end of its interface pair. */
static __always_inline int deliver_local(struct __sk_buff *skb, struct packet *p,
					 const struct endpoint *endpoint)
{
	int reason = readdress(skb, p, endpoint->pod_mac);

	if (reason)
		return reason;
	if (skb->pkt_type != PACKET_HOST)
		bpf_skb_change_type(skb, PACKET_HOST);
	p->point = TO_ENDPOINT;
	return bpf_redirect_peer(endpoint->ifindex, 0);
}

#endif
