/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* ICMP errors about masqueraded connections: the packet that they quote is as it was on the other
 * side of the translation, and must be as its reader knows it. */
#ifndef SEKISHO_LIB_NAT_ICMP_H
#define SEKISHO_LIB_NAT_ICMP_H

#include "icmp.h"
#include "maps/nat.h"
#include "packet.h"
#include "rewrite.h"

/* The packet that an ICMP error quotes. */
struct quote {
	struct tuple tuple;
	__u32 l3_offset;
	__u32 l4_offset; /* 0: a later fragment is quoted, which has no ports */
};

/* Reads the quote and finds the connection's mapping, by what answers the quoted packet; NULL if there
 * is none. */
static __noinline struct nat_entry *nat_quoted(struct __sk_buff *skb, const struct packet *p,
					       struct quote *quote, __u8 direction)
{
	struct tuple answer = {};
	int l4 = quoted_packet(skb, p, &quote->tuple);

	if (l4 < 0)
		return NULL;
	quote->l3_offset = p->l4_offset + ICMP_QUOTE;
	quote->l4_offset = l4;
	tuple_reverse(&answer, &quote->tuple, direction);
	return bpf_map_lookup_elem(&nat, &answer);
}

/* Changes a checksum that is quoted, by difference; sum with what that changes around it added. */
static __noinline __s64 requote_check(struct __sk_buff *skb, __u32 offset, __s64 difference,
				      __u64 flags, __s64 sum)
{
	__be32 before = 0, after = 0;

	if (bpf_skb_load_bytes(skb, offset, &before, sizeof(__sum16)) ||
	    bpf_l4_csum_replace(skb, offset, 0, difference, flags) ||
	    bpf_skb_load_bytes(skb, offset, &after, sizeof(__sum16)))
		return sum;
	return bpf_csum_diff(&before, sizeof(before), &after, sizeof(after), sum);
}

/* The quoted packet's layer 4 checksum, as far as it is quoted. */
static __always_inline __s64 requote_l4_check(struct __sk_buff *skb, const struct packet *p,
					      const struct quote *quote, __s64 addresses,
					      __s64 ports, __s64 sum)
{
	__u8 protocol = quote->tuple.protocol;
	__u32 check = l4_check_offset(protocol), offset = quote->l4_offset + check;
	__u64 flags = l4_check_flags(protocol);

	if (!check || offset + sizeof(__sum16) > ETH_HLEN + p->length)
		return sum;
	sum = requote_check(skb, offset, ports, flags, sum);
	if (l4_check_has_addresses(protocol))
		sum = requote_check(skb, offset, addresses, flags, sum);
	return sum;
}

/* Another port, or echo id, in the quoted packet, where addresses has changed; sum with what changes. */
static __always_inline __s64 requote_port(struct __sk_buff *skb, const struct packet *p,
				     const struct quote *quote, bool source, __be16 port,
				     __s64 addresses, __s64 sum)
{
	__be32 from = source ? quote->tuple.source_port : quote->tuple.destination_port;
	__be32 to = port;
	__s64 ports = bpf_csum_diff(&from, sizeof(from), &to, sizeof(to), 0);

	if (bpf_skb_store_bytes(skb, quote->l4_offset + l4_port_offset(quote->tuple.protocol, source),
				&port, sizeof(port), 0))
		return sum;
	sum = bpf_csum_diff(&from, sizeof(from), &to, sizeof(to), sum);
	return requote_l4_check(skb, p, quote, addresses, ports, sum);
}

/* Another source or destination in the quoted packet; 0 or a negative reason. */
static __noinline int requote(struct __sk_buff *skb, const struct packet *p,
			      const struct quote *quote, bool source, const struct nat_entry *to)
{
	union address from = source ? quote->tuple.source : quote->tuple.destination;
	__s64 addresses = address_difference(p->ipv6, &from, &to->address), sum = addresses;

	if (address_store(skb, quote->l3_offset + address_offset(p->ipv6, source), p->ipv6,
			  &to->address, 0))
		return -DROP_WRITE_ERROR;
	if (!p->ipv6)
		sum = requote_check(skb, quote->l3_offset + IPV4_CHECK_OFFSET, addresses, 0, sum);
	if (quote->l4_offset)
		sum = requote_port(skb, p, quote, source, to->port, addresses, sum);
	return bpf_l4_csum_replace(skb, p->l4_offset + ICMP_CHECK_OFFSET, 0, sum, 0)
		       ? -DROP_WRITE_ERROR
		       : 0;
}

#endif
