/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_TOO_BIG_IPV4_H
#define SEKISHO_LIB_TOO_BIG_IPV4_H

#include "too_big.h"

/* ICMP destination unreachable: fragmentation needed, RFC 792, with the MTU of RFC 1191 section 4. */

#define ICMP_UNREACHABLE 3
#define ICMP_FRAGMENTATION_NEEDED 4
#define IPV4_DONT_FRAGMENT 0x4000
#define IPV4_NETWORK_CONTROL 0xc0 /* TOS of errors, RFC 1812 section 4.3.2.5 */
#define IPV4_VERSION_NO_OPTIONS 0x45

/* A frame up to the quoted packet, after a pad. */
struct too_big_ipv4 {
	__u16 pad;
	__u8 macs[2 * ETH_ALEN];
	__be16 ethernet_type;
	__u8 version;
	__u8 tos;
	__be16 length;
	__be16 id;
	__be16 fragment;
	__u8 ttl;
	__u8 protocol;
	__sum16 check;
	__be32 source;
	__be32 destination;
	__u8 type;
	__u8 code;
	__sum16 icmp_check;
	__be16 unused;
	__be16 mtu;
};

_Static_assert(sizeof(struct too_big_ipv4) == 44, "layout");

#define TOO_BIG_IPV4_BYTES (sizeof(struct too_big_ipv4) - __builtin_offsetof(struct too_big_ipv4, macs))

static __always_inline void too_big_ipv4_fill(struct too_big_ipv4 *t, const struct packet *p,
					      const struct ethhdr *eth, __u32 mtu)
{
	too_big_macs(t->macs, eth);
	t->ethernet_type = bpf_htons(ETH_P_IP);
	t->version = IPV4_VERSION_NO_OPTIONS;
	t->tos = IPV4_NETWORK_CONTROL;
	t->length = bpf_htons(sizeof(struct iphdr) + TOO_BIG_HEADER + TOO_BIG_QUOTE);
	t->fragment = bpf_htons(IPV4_DONT_FRAGMENT);
	t->ttl = TOO_BIG_HOPS;
	t->protocol = IPPROTO_ICMP;
	t->source = bpf_htonl(0xa9fe0101); /* 169.254.1.1 */
	t->destination = p->tuple.source.words[3];
	t->type = ICMP_UNREACHABLE;
	t->code = ICMP_FRAGMENTATION_NEEDED;
	t->mtu = bpf_htons(mtu);
}

/* Whether nobody on the way may cut the IPv4 packet; a broken one: nobody. */
static __always_inline bool must_stay_whole(struct __sk_buff *skb)
{
	const struct iphdr *ip = packet_bytes(skb, ETH_HLEN, sizeof(*ip));

	return !ip || (ip->frag_off & bpf_htons(IPV4_DONT_FRAGMENT));
}

/* Tells the pod that sent the IPv4 packet, which may not be cut, how much of it gets through, bytes. */
static __noinline int too_big_ipv4(struct __sk_buff *skb, struct packet *p, __u32 mtu)
{
	struct too_big_ipv4 t = {};
	struct ethhdr *eth = packet_bytes(skb, 0, sizeof(*eth));
	__be32 *quote;
	__u32 sum;

	if (!p || !eth)
		return -DROP_INVALID_PACKET;
	too_big_ipv4_fill(&t, p, eth, mtu);
	quote = too_big_quote(skb, TOO_BIG_IPV4_BYTES - ETH_HLEN);
	if (!quote)
		return -DROP_WRITE_ERROR;
	t.check = too_big_fold(
		(__u32)bpf_csum_diff(NULL, 0, (__be32 *)&t.version, sizeof(struct iphdr), 0));
	sum = bpf_csum_diff(NULL, 0, (__be32 *)&t.type, TOO_BIG_HEADER, 0);
	t.icmp_check = too_big_fold((__u32)bpf_csum_diff(NULL, 0, quote, TOO_BIG_QUOTE, sum));
	return too_big_send(skb, p, t.macs, TOO_BIG_IPV4_BYTES);
}

#endif
