/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_PARSE_H
#define SEKISHO_LIB_PARSE_H

#include "address.h"
#include "drop.h"
#include "extension.h"
#include "fragment.h"
#include "packet.h"
#include "types.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define IPV4_OFFSET 0x1fff   /* of a fragment's content, in units of 8 bytes */
#define IPV4_FRAGMENT 0x3fff /* more fragments, or an offset */

#define ICMP_ECHO_REPLY 0
#define ICMP_UNREACHABLE 3
#define ICMP_SOURCE_QUENCH 4
#define ICMP_REDIRECT 5
#define ICMP_ECHO 8
#define ICMP_TIME_EXCEEDED 11
#define ICMP_PARAMETER_PROBLEM 12

#define ICMPV6_LAST_ERROR 127
#define ICMPV6_ECHO 128
#define ICMPV6_ECHO_REPLY 129
#define ICMPV6_LISTENER_FIRST 130
#define ICMPV6_LISTENER_LAST 132
#define ICMPV6_ROUTER_SOLICITATION 133
#define ICMPV6_ROUTER_ADVERTISEMENT 134
#define ICMPV6_NEIGHBOUR_SOLICITATION 135
#define ICMPV6_NEIGHBOUR_ADVERTISEMENT 136
#define ICMPV6_REDIRECT 137
#define ICMPV6_LISTENER_REPORT_V2 143

static __always_inline int parse_ipv4(struct __sk_buff *skb, struct packet *p, __u32 *room)
{
	struct iphdr *ip = packet_bytes(skb, ETH_HLEN, sizeof(*ip));
	__u32 frame = p->length, total, header;

	if (!ip || ip->version != 4)
		return -DROP_INVALID_PACKET;
	header = ip->ihl * 4;
	total = bpf_ntohs(ip->tot_len);
	if (!total && skb->gso_size) /* a TCP super-packet beyond 64 KiB */
		total = frame;
	if (header < sizeof(*ip) || total < header || total > frame)
		return -DROP_INVALID_PACKET;
	address_of_ipv4(&p->tuple.source, ip->saddr);
	address_of_ipv4(&p->tuple.destination, ip->daddr);
	p->tuple.protocol = ip->protocol;
	p->hop_limit = ip->ttl;
	p->length = total;
	p->l4_offset = ETH_HLEN + header;
	*room = total - header;
	if (ip->frag_off & bpf_htons(IPV4_FRAGMENT))
		return fragment_mark(p, ip->id, bpf_ntohs(ip->frag_off) & IPV4_OFFSET,
				     p->l4_offset, *room);
	return 0;
}

/* Behind the IPv6 header: the way to layer 4 of a packet that ends at end. */
static __always_inline int parse_extensions(struct __sk_buff *skb, struct packet *p, __u32 end)
{
	struct extension_chain chain = {
		.offset = p->l4_offset,
		.next = p->tuple.protocol,
	};
	int reason = extension_walk(skb, &chain);

	if (reason)
		return reason;
	if (chain.offset > end)
		return -DROP_INVALID_EXTENSION_HEADER;
	p->tuple.protocol = chain.next;
	p->l4_offset = chain.offset;
	if (!chain.fragmented)
		return 0;
	if (chain.offset - chain.fragmented > FRAGMENT_HEADERS_MAX - sizeof(struct tcphdr))
		return -DROP_INVALID_EXTENSION_HEADER;
	return fragment_mark(p, chain.id, chain.place >> FRAGMENT_OFFSET_SHIFT, chain.fragmented,
			     end - chain.fragmented);
}

static __always_inline int parse_ipv6(struct __sk_buff *skb, struct packet *p, __u32 *room)
{
	struct ipv6hdr *ip = packet_bytes(skb, ETH_HLEN, sizeof(*ip));
	__u32 frame = p->length, total;
	int reason = 0;

	if (!ip || ip->version != 6)
		return -DROP_INVALID_PACKET;
	total = sizeof(*ip) + bpf_ntohs(ip->payload_len);
	if (!ip->payload_len && skb->gso_size) /* a TCP super-packet beyond 64 KiB */
		total = frame;
	if (total > frame)
		return -DROP_INVALID_PACKET;
	address_of_ipv6(&p->tuple.source, ip->saddr);
	address_of_ipv6(&p->tuple.destination, ip->daddr);
	p->ipv6 = true;
	p->tuple.protocol = ip->nexthdr;
	p->hop_limit = ip->hop_limit;
	p->length = total;
	p->l4_offset = ETH_HLEN + sizeof(*ip);
	/* The maps have a meaning of their own for these: an IPv4 address, and none. */
	if (address_is_ipv4(&p->tuple.source) || address_is_ipv4(&p->tuple.destination) ||
	    address_is_none(&p->tuple.destination))
		return -DROP_INVALID_PACKET;
	if (is_extension(p->tuple.protocol))
		reason = parse_extensions(skb, p, ETH_HLEN + total);
	*room = ETH_HLEN + total - p->l4_offset;
	return reason;
}

static __always_inline int parse_tcp(struct __sk_buff *skb, struct packet *p, __u32 room)
{
	struct tcphdr *tcp = packet_bytes(skb, p->l4_offset, sizeof(*tcp));
	__u32 header;

	if (!tcp)
		return -DROP_INVALID_L4_HEADER;
	header = (tcp->data_offset >> 4) * 4;
	if (header < sizeof(*tcp) || header > room)
		return -DROP_INVALID_L4_HEADER;
	p->tuple.source_port = tcp->source;
	p->tuple.destination_port = tcp->dest;
	p->l4_header = header;
	p->tcp_flags = tcp->flags;
	if (!(tcp->flags & (TCP_SYN | TCP_RST | TCP_ACK)))
		return -DROP_MISSING_TCP_ACK;
	if ((tcp->flags & TCP_SYN) && (tcp->flags & (TCP_FIN | TCP_RST)))
		return -DROP_INVALID_L4_HEADER;
	p->opens = (tcp->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
	return 0;
}

static __always_inline int parse_udp(struct __sk_buff *skb, struct packet *p, __u32 room)
{
	struct udphdr *udp = packet_bytes(skb, p->l4_offset, sizeof(*udp));
	__u32 length;

	if (!udp)
		return -DROP_INVALID_L4_HEADER;
	length = bpf_ntohs(udp->len);
	if (length < sizeof(*udp) || room < sizeof(*udp) ||
	    (length > room && p->fragment != FRAGMENT_FIRST))
		return -DROP_INVALID_L4_HEADER;
	p->l4_header = sizeof(*udp);
	p->tuple.source_port = udp->source;
	p->tuple.destination_port = udp->dest;
	return 0;
}

/* Only the ports; the rest of the 12 bytes is the peers' affair. */
static __always_inline int parse_sctp(struct __sk_buff *skb, struct packet *p, __u32 room)
{
	__be16 *ports = packet_bytes(skb, p->l4_offset, 12);

	if (!ports || room < 12)
		return -DROP_INVALID_L4_HEADER;
	p->tuple.source_port = ports[0];
	p->tuple.destination_port = ports[1];
	return 0;
}

/* Meaning of an ICMPv6 type; ND and MLD within the link are no traffic, but no pod is a router. None
 * of them is ever fragmented (RFC 6980), and no error need be. */
static __always_inline int classify_icmpv6(struct packet *p)
{
	__u8 type = p->icmp_type;

	p->icmp_error = type <= ICMPV6_LAST_ERROR && !p->fragment;
	if (type == ICMPV6_ROUTER_ADVERTISEMENT || type == ICMPV6_REDIRECT)
		return -DROP_FORBIDDEN_ICMPV6;
	if ((type >= ICMPV6_LISTENER_FIRST && type <= ICMPV6_ROUTER_SOLICITATION) ||
	    type == ICMPV6_NEIGHBOUR_SOLICITATION || type == ICMPV6_NEIGHBOUR_ADVERTISEMENT ||
	    type == ICMPV6_LISTENER_REPORT_V2)
		p->not_traffic = !p->fragment && address_is_link_scope(&p->tuple.destination);
	return 0;
}

static __always_inline void classify_icmp(struct packet *p)
{
	__u8 type = p->icmp_type;

	p->icmp_error = !p->fragment &&
			(type == ICMP_UNREACHABLE || type == ICMP_SOURCE_QUENCH ||
			 type == ICMP_REDIRECT || type == ICMP_TIME_EXCEEDED ||
			 type == ICMP_PARAMETER_PROBLEM);
}

static __always_inline bool is_echo_request(__u8 type, bool ipv6)
{
	return type == (ipv6 ? ICMPV6_ECHO : ICMP_ECHO);
}

static __always_inline bool is_echo_reply(__u8 type, bool ipv6)
{
	return type == (ipv6 ? ICMPV6_ECHO_REPLY : ICMP_ECHO_REPLY);
}

/* What tells an ICMP message's connection apart: the id of an echo, else the type. */
static __always_inline void name_icmp(struct packet *p, __be16 id)
{
	bool request = is_echo_request(p->icmp_type, p->ipv6);
	bool reply = is_echo_reply(p->icmp_type, p->ipv6);

	if (request)
		p->tuple.source_port = id;
	if (reply)
		p->tuple.destination_port = id;
	if (!request && !reply)
		p->tuple.icmp_type = p->icmp_type;
	p->reply_first = reply;
}

static __always_inline int parse_icmp(struct __sk_buff *skb, struct packet *p, __u32 room)
{
	struct icmphdr *icmp = packet_bytes(skb, p->l4_offset, sizeof(*icmp));

	if (!icmp || room < sizeof(*icmp))
		return -DROP_INVALID_L4_HEADER;
	p->icmp_type = icmp->type;
	p->icmp_code = icmp->code;
	name_icmp(p, icmp->id);
	if (p->ipv6)
		return classify_icmpv6(p);
	classify_icmp(p);
	return 0;
}

static __always_inline int parse_l4(struct __sk_buff *skb, struct packet *p, __u32 room)
{
	switch (p->tuple.protocol) {
	case IPPROTO_TCP:
		return parse_tcp(skb, p, room);
	case IPPROTO_UDP:
		return parse_udp(skb, p, room);
	case IPPROTO_SCTP:
		return parse_sctp(skb, p, room);
	case IPPROTO_ICMP:
		return p->ipv6 ? -DROP_UNKNOWN_L4_PROTOCOL : parse_icmp(skb, p, room);
	case IPPROTO_ICMPV6:
		return p->ipv6 ? parse_icmp(skb, p, room) : -DROP_UNKNOWN_L4_PROTOCOL;
	default:
		return -DROP_UNKNOWN_L4_PROTOCOL;
	}
}

static __always_inline bool is_icmp(const struct packet *p)
{
	return p->tuple.protocol == IPPROTO_ICMP || p->tuple.protocol == IPPROTO_ICMPV6;
}

/* Takes from the first fragment what a later one lacks. */
static __always_inline int parse_later(struct packet *p)
{
	int reason = fragment_recall(p);

	if (!reason && is_icmp(p)) /* one of both ports is zero, or both */
		name_icmp(p, p->tuple.source_port | p->tuple.destination_port);
	return reason;
}

/* What follows from the tuple: the reversed one, the port for policy, and which of both is likely in
 * conntrack. Servers mostly have the lower port, so that is only about speed. */
static __always_inline void complete_tuple(struct packet *p)
{
	bool icmp = is_icmp(p);

	p->reversed.source = p->tuple.destination;
	p->reversed.destination = p->tuple.source;
	p->reversed.source_port = p->tuple.destination_port;
	p->reversed.destination_port = p->tuple.source_port;
	p->reversed.protocol = p->tuple.protocol;
	p->reversed.icmp_type = p->tuple.icmp_type;
	p->policy_port = icmp ? bpf_htons(p->icmp_type) : p->tuple.destination_port;
	if (!icmp)
		p->reply_first = !p->opens && bpf_ntohs(p->tuple.source_port) <
						      bpf_ntohs(p->tuple.destination_port);
}

/* Reads the headers; 0, or a negative reason with everything filled in that could be read. Trusts no
 * length: what a header claims must lie within the packet, and the packet within the frame. Global:
 * verified once, and what it may have found does not multiply the caller's states. */
__noinline int parse(struct __sk_buff *skb, struct packet *p)
{
	__u32 room = 0;
	int result;

	if (!p)
		return -DROP_INVALID_PACKET;
	if (skb->vlan_present)
		return -DROP_VLAN;
	switch (skb->protocol) {
	case bpf_htons(ETH_P_IP):
		result = parse_ipv4(skb, p, &room);
		break;
	case bpf_htons(ETH_P_IPV6):
		result = parse_ipv6(skb, p, &room);
		break;
	case bpf_htons(ETH_P_ARP):
		p->not_traffic = true;
		return 0;
	case bpf_htons(ETH_P_8021Q):
	case bpf_htons(ETH_P_8021AD):
		return -DROP_VLAN;
	default:
		return -DROP_UNSUPPORTED_L3_PROTOCOL;
	}
	if (!result)
		result = p->fragment == FRAGMENT_LATER ? parse_later(p) : parse_l4(skb, p, room);
	complete_tuple(p);
	return result;
}

#endif
