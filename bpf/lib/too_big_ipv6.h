/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_TOO_BIG_IPV6_H
#define SEKISHO_LIB_TOO_BIG_IPV6_H

#include "too_big.h"

/* ICMPv6 packet too big, RFC 4443 section 3.2. */

#define ICMPV6_TOO_BIG 2

/* A frame up to the quoted packet, after a pad. */
struct too_big_ipv6 {
	__u16 pad;
	__u8 macs[2 * ETH_ALEN];
	__be16 ethernet_type;
	__be32 version;
	__be16 payload;
	__u8 next_header;
	__u8 hop_limit;
	union address source;
	union address destination;
	__u8 type;
	__u8 code;
	__sum16 check;
	__be32 mtu;
};

_Static_assert(sizeof(struct too_big_ipv6) == 64, "layout");

#define TOO_BIG_IPV6_BYTES (sizeof(struct too_big_ipv6) - __builtin_offsetof(struct too_big_ipv6, macs))

static __always_inline void too_big_ipv6_fill(struct too_big_ipv6 *t, const struct packet *p,
					      const struct ethhdr *eth, __u32 mtu)
{
	too_big_macs(t->macs, eth);
	t->ethernet_type = bpf_htons(ETH_P_IPV6);
	t->version = bpf_htonl(6 << 28);
	t->payload = bpf_htons(TOO_BIG_HEADER + TOO_BIG_QUOTE);
	t->next_header = IPPROTO_ICMPV6;
	t->hop_limit = TOO_BIG_HOPS;
	t->source.words[0] = bpf_htonl(0xfe800000); /* fe80::1 */
	t->source.words[3] = bpf_htonl(1);
	t->destination = p->tuple.source;
	t->type = ICMPV6_TOO_BIG;
	t->mtu = bpf_htonl(mtu);
}

/* RFC 8200 section 8.1, over the quote, too. */
static __always_inline __sum16 too_big_ipv6_check(struct too_big_ipv6 *t, __be32 *quote)
{
	__u64 sum = bpf_csum_diff(NULL, 0, t->source.words, 2 * sizeof(t->source) + TOO_BIG_HEADER,
				  bpf_htonl(TOO_BIG_HEADER + TOO_BIG_QUOTE));

	sum = (__u32)bpf_csum_diff(NULL, 0, quote, TOO_BIG_QUOTE, sum);
	return too_big_fold(sum + (__u64)bpf_htonl(IPPROTO_ICMPV6));
}

/* Tells the pod that sent the IPv6 packet how much of it gets through, bytes. */
static __noinline int too_big_ipv6(struct __sk_buff *skb, struct packet *p, __u32 mtu)
{
	struct too_big_ipv6 t = {};
	struct ethhdr *eth = packet_bytes(skb, 0, sizeof(*eth));
	__be32 *quote;

	if (!p || !eth)
		return -DROP_INVALID_PACKET;
	too_big_ipv6_fill(&t, p, eth, mtu);
	quote = too_big_quote(skb, TOO_BIG_IPV6_BYTES - ETH_HLEN);
	if (!quote)
		return -DROP_WRITE_ERROR;
	t.check = too_big_ipv6_check(&t, quote);
	return too_big_send(skb, p, t.macs, TOO_BIG_IPV6_BYTES);
}

#endif
