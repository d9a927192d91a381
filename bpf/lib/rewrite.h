/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Another address and port in a packet, with every checksum that covers them. The sums are changed by
 * the difference, so that they stay right or wrong as they were, and also where a device is yet to
 * complete them (CHECKSUM_PARTIAL, then without the port) or has summed up the whole packet
 * (CHECKSUM_COMPLETE: an IPv4 address is made up for by its header's sum, an IPv6 one is not). */
#ifndef SEKISHO_LIB_REWRITE_H
#define SEKISHO_LIB_REWRITE_H

#include "address.h"
#include "drop.h"
#include "packet.h"

#define IPV4_CHECK_OFFSET 10
#define IPV4_SOURCE_OFFSET 12
#define IPV4_DESTINATION_OFFSET 16
#define IPV6_SOURCE_OFFSET 8
#define IPV6_DESTINATION_OFFSET 24
#define ICMP_ID_OFFSET 4
#define ICMP_CHECK_OFFSET 2

/* Where the checksum is in a header of layer 4; 0: none that we change (SCTP has a CRC, which covers
 * no addresses). */
static __always_inline __u32 l4_check_offset(__u8 protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
		return 16;
	case IPPROTO_UDP:
		return 6;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return ICMP_CHECK_OFFSET;
	default:
		return 0;
	}
}

/* Whether that sum covers the addresses. */
static __always_inline bool l4_check_has_addresses(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_ICMPV6;
}

/* Of UDP a sum of zero says that there is none. */
static __always_inline __u64 l4_check_flags(__u8 protocol)
{
	return protocol == IPPROTO_UDP ? BPF_F_MARK_MANGLED_0 : 0;
}

/* Where a port is in a header of layer 4, or the echo id. */
static __always_inline __u32 l4_port_offset(__u8 protocol, bool source)
{
	if (protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6)
		return ICMP_ID_OFFSET;
	return source ? 0 : 2;
}

static __always_inline __u32 address_offset(bool ipv6, bool source)
{
	if (ipv6)
		return source ? IPV6_SOURCE_OFFSET : IPV6_DESTINATION_OFFSET;
	return source ? IPV4_SOURCE_OFFSET : IPV4_DESTINATION_OFFSET;
}

/* What sums change by when an address does. */
static __always_inline __s64 address_difference(bool ipv6, const union address *from,
						const union address *to)
{
	if (ipv6)
		return bpf_csum_diff((__be32 *)from, 16, (__be32 *)to, 16, 0);
	return bpf_csum_diff((__be32 *)&from->words[3], 4, (__be32 *)&to->words[3], 4, 0);
}

/* Writes an address; flags are those of the write of an IPv6 one. The barrier keeps the compiler from
 * making one call of both: kernel 6.1 does not see then that the length fits the pointer. */
static __always_inline long address_store(struct __sk_buff *skb, __u32 offset, bool ipv6,
					  const union address *to, __u64 flags)
{
	long error;

	if (!ipv6)
		return bpf_skb_store_bytes(skb, offset, &to->words[3], 4, 0);
	error = bpf_skb_store_bytes(skb, offset, to, 16, flags);
	asm volatile("" : "+r"(error));
	return error;
}

/* Another source or destination address; 0 or a negative reason. */
static __noinline int rewrite_address(struct __sk_buff *skb, const struct packet *p, bool source,
				      const union address *to)
{
	union address from = source ? p->tuple.source : p->tuple.destination;
	__s64 difference = address_difference(p->ipv6, &from, to);
	__u8 protocol = p->tuple.protocol;

	if (!p->ipv6 && bpf_l3_csum_replace(skb, ETH_HLEN + IPV4_CHECK_OFFSET, 0, difference, 0))
		return -DROP_WRITE_ERROR;
	if (p->fragment != FRAGMENT_LATER && l4_check_has_addresses(protocol) &&
	    bpf_l4_csum_replace(skb, p->l4_offset + l4_check_offset(protocol), 0, difference,
				BPF_F_PSEUDO_HDR | l4_check_flags(protocol)))
		return -DROP_WRITE_ERROR;
	return address_store(skb, ETH_HLEN + address_offset(p->ipv6, source), p->ipv6, to,
			     BPF_F_RECOMPUTE_CSUM)
		       ? -DROP_WRITE_ERROR
		       : 0;
}

/* Another source or destination port, or echo id; 0 or a negative reason. */
static __noinline int rewrite_port(struct __sk_buff *skb, const struct packet *p, bool source,
				   __be16 to)
{
	__be16 from = source ? p->tuple.source_port : p->tuple.destination_port;
	__u8 protocol = p->tuple.protocol;
	__u32 check = l4_check_offset(protocol);

	if (from == to || p->fragment == FRAGMENT_LATER)
		return 0;
	if (check && bpf_l4_csum_replace(skb, p->l4_offset + check, from, to,
					 sizeof(to) | l4_check_flags(protocol)))
		return -DROP_WRITE_ERROR;
	return bpf_skb_store_bytes(skb, p->l4_offset + l4_port_offset(protocol, source), &to,
				   sizeof(to), 0)
		       ? -DROP_WRITE_ERROR
		       : 0;
}

#endif
