/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_PARSE_H
#define SEKISHO_LIB_PARSE_H

#include "address.h"
#include "drop.h"
#include "extension.h"
#include "packet.h"
#include "types.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

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
	return ip->frag_off & bpf_htons(IPV4_FRAGMENT) ? -DROP_FRAGMENT : 0;
}

static __always_inline int parse_ipv6(struct __sk_buff *skb, struct packet *p, __u32 *room)
{
	struct ipv6hdr *ip = packet_bytes(skb, ETH_HLEN, sizeof(*ip));
	__u32 frame = p->length, total, offset = ETH_HLEN + sizeof(*ip);
	__u8 next;

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
	p->hop_limit = ip->hop_limit;
	p->length = total;
	next = ip->nexthdr;
	/* The maps have a meaning of their own for these: an IPv4 address, and none. */
	if (address_is_ipv4(&p->tuple.source) || address_is_ipv4(&p->tuple.destination) ||
	    address_is_none(&p->tuple.destination))
		return -DROP_INVALID_PACKET;
	if (is_extension(next)) {
		int found = extension_walk(skb, offset, next);

		if (found < 0)
			return found;
		offset = (__u32)found >> 8;
		next = found;
	}
	if (offset > ETH_HLEN + total)
		return -DROP_INVALID_EXTENSION_HEADER;
	p->tuple.protocol = next;
	p->l4_offset = offset;
	*room = ETH_HLEN + total - offset;
	return 0;
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
	if (length < sizeof(*udp) || length > room)
		return -DROP_INVALID_L4_HEADER;
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

/* Meaning of an ICMPv6 type; ND and MLD within the link are no traffic, but no pod is a router. */
static __always_inline int classify_icmpv6(struct packet *p)
{
	__u8 type = p->icmp_type;

	p->icmp_error = type <= ICMPV6_LAST_ERROR;
	if (type == ICMPV6_ROUTER_ADVERTISEMENT || type == ICMPV6_REDIRECT)
		return -DROP_FORBIDDEN_ICMPV6;
	if ((type >= ICMPV6_LISTENER_FIRST && type <= ICMPV6_ROUTER_SOLICITATION) ||
	    type == ICMPV6_NEIGHBOUR_SOLICITATION || type == ICMPV6_NEIGHBOUR_ADVERTISEMENT ||
	    type == ICMPV6_LISTENER_REPORT_V2)
		p->not_traffic = address_is_link_scope(&p->tuple.destination);
	return 0;
}

static __always_inline void classify_icmp(struct packet *p)
{
	__u8 type = p->icmp_type;

	p->icmp_error = type == ICMP_UNREACHABLE || type == ICMP_SOURCE_QUENCH ||
			type == ICMP_REDIRECT || type == ICMP_TIME_EXCEEDED ||
			type == ICMP_PARAMETER_PROBLEM;
}

static __always_inline int parse_icmp(struct __sk_buff *skb, struct packet *p, __u32 room)
{
	struct icmphdr *icmp = packet_bytes(skb, p->l4_offset, sizeof(*icmp));
	bool request, reply;

	if (!icmp || room < sizeof(*icmp))
		return -DROP_INVALID_L4_HEADER;
	p->icmp_type = icmp->type;
	p->icmp_code = icmp->code;
	request = icmp->type == (p->ipv6 ? ICMPV6_ECHO : ICMP_ECHO);
	reply = icmp->type == (p->ipv6 ? ICMPV6_ECHO_REPLY : ICMP_ECHO_REPLY);
	if (request)
		p->tuple.source_port = icmp->id;
	if (reply)
		p->tuple.destination_port = icmp->id;
	if (!request && !reply)
		p->tuple.icmp_type = icmp->type;
	p->reply_first = reply;
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

/* What follows from the tuple: the reversed one, the port for policy, and which of both is likely in
 * conntrack. Servers mostly have the lower port, so that is only about speed. */
static __always_inline void complete_tuple(struct packet *p)
{
	bool icmp = p->tuple.protocol == IPPROTO_ICMP || p->tuple.protocol == IPPROTO_ICMPV6;

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
 * length: what a header claims must lie within the packet, and the packet within the frame. */
static __always_inline int parse(struct __sk_buff *skb, struct packet *p)
{
	__u32 room = 0;
	int result;

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
		result = parse_l4(skb, p, room);
	complete_tuple(p);
	return result;
}

#endif
