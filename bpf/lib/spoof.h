/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_SPOOF_H
#define SEKISHO_LIB_SPOOF_H

#include "address.h"
#include "config.h"
#include "drop.h"
#include "identity.h"
#include "packet.h"
#include <bpf/bpf_endian.h>

static __always_inline bool mac_equal(const __u8 *a, const __u8 *b)
{
	return *(__u16 *)a == *(__u16 *)b && *(__u16 *)(a + 2) == *(__u16 *)(b + 2) &&
	       *(__u16 *)(a + 4) == *(__u16 *)(b + 4);
}

/* Whether the address is the one that a link gives to the MAC: fe80::/64 and the MAC, RFC 4291 appendix
 * A. Others that a pod may take on its link are nobody's to us. */
static __always_inline bool is_link_address(const union address *a, const __u8 *mac)
{
	return a->words[0] == bpf_htonl(0xfe800000) && !a->words[1] && a->bytes[8] == (mac[0] ^ 2) &&
	       a->bytes[9] == mac[1] && a->bytes[10] == mac[2] && a->bytes[11] == 0xff &&
	       a->bytes[12] == 0xfe && a->bytes[13] == mac[3] && a->bytes[14] == mac[4] &&
	       a->bytes[15] == mac[5];
}

/* Whether the pod, by its address on the link, and its gateway by its own speak to each other. */
static __noinline bool is_on_link(const struct endpoint *endpoint, const union address *pod,
				  const union address *gateway)
{
	return endpoint && pod && gateway && !address_is_none(&endpoint->ipv6) &&
	       is_link_address(pod, endpoint->pod_mac) && gateway->bytes[0] == 0xfe &&
	       address_is_link_scope(gateway) && is_node_address(gateway);
}

/* Whether a packet from the pod bears the pod's own MAC and address, and goes to its gateway; 0 or a
 * negative reason. */
static __always_inline int spoof_guard(struct __sk_buff *skb, const struct packet *p,
				       const struct endpoint *endpoint)
{
	struct ethhdr *eth = packet_bytes(skb, 0, sizeof(*eth));
	const union address *own = p->ipv6 ? &endpoint->ipv6 : &endpoint->ipv4;

	if (!eth || !mac_equal(eth->h_source, endpoint->pod_mac))
		return -DROP_INVALID_SOURCE_MAC;
	if (!mac_equal(eth->h_dest, endpoint->host_mac))
		return -DROP_INVALID_DESTINATION_MAC;
	if (!address_is_none(own) && address_equal(&p->tuple.source, own))
		return 0;
	return p->ipv6 && is_on_link(endpoint, &p->tuple.source, &p->tuple.destination)
		       ? 0
		       : -DROP_INVALID_SOURCE_IP;
}

/* Whether what the node's stack hands on is for the pod. */
static __always_inline bool is_for(const struct packet *p, const struct endpoint *endpoint)
{
	const union address *own = p->ipv6 ? &endpoint->ipv6 : &endpoint->ipv4;

	return address_equal(&p->tuple.destination, own) ||
	       (p->ipv6 && is_on_link(endpoint, &p->tuple.destination, &p->tuple.source));
}

/* Whose a packet is that the node's stack hands on: the node's own if it was made here; a pod's if it
 * came from the pod's interface, or of another node's pod through the overlay; else by address. Pods
 * come no other way, so who bears a pod's address then is a liar. 0 or a negative reason. */
static __always_inline int identify(const struct __sk_buff *skb, struct packet *p)
{
	const union address *source = &p->tuple.source;
	__u32 from = skb->ingress_ifindex;
	const struct ipcache_entry *entry;
	const struct endpoint *pod;

	if (!from && is_node_address(source)) {
		p->source_identity = IDENTITY_HOST;
		return 0;
	}
	pod = endpoint_of(source);
	if (pod) {
		p->source_identity = pod->identity;
		return pod->ifindex == from ? 0 : -DROP_INVALID_SOURCE_IP;
	}
	entry = ipcache_of(source);
	p->source_identity = identity_of(entry);
	if (entry && !address_is_none(&entry->tunnel) && !is_remote_node(entry->identity) &&
	    (!from || from != config.overlay_ifindex))
		return -DROP_INVALID_SOURCE_IP;
	/* Not made here: then it is not the node's, whatever its address is said to be. */
	if (p->source_identity == IDENTITY_HOST)
		p->source_identity = IDENTITY_WORLD;
	return 0;
}

/* Whether the packet would be taken for another node's tunnel, and its sender for whom he likes; only
 * pods may be spoken to on the port. */
static __always_inline bool forges_tunnel(const struct packet *p)
{
	return p->tuple.protocol == IPPROTO_UDP && config.overlay_port &&
	       p->tuple.destination_port == bpf_htons(config.overlay_port);
}

#endif
