/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_ENCAP_H
#define SEKISHO_LIB_ENCAP_H

#include "address.h"
#include "config.h"
#include "deliver.h"
#include "drop.h"
#include "packet.h"
#include <bpf/bpf_endian.h>

#define TUNNEL_TTL 64
#define TUNNEL_ID_MAX 0xffffff

/* Through the overlay to the node; the sender's identity travels as the tunnel id. */
static __noinline int encap(struct __sk_buff *skb, struct packet *p, const union address *node)
{
	struct bpf_tunnel_key key = {.tunnel_id = p->source_identity, .tunnel_ttl = TUNNEL_TTL};
	__u64 flags = BPF_F_ZERO_CSUM_TX;
	int reason;

	if (!config.overlay_ifindex)
		return -DROP_NO_TUNNEL;
	if (p->source_identity > TUNNEL_ID_MAX)
		return -DROP_INVALID_IDENTITY;
	if (address_is_ipv4(node)) {
		key.remote_ipv4 = bpf_ntohl(node->words[3]);
	} else {
		__builtin_memcpy(key.remote_ipv6, node->words, sizeof(key.remote_ipv6));
		flags = BPF_F_TUNINFO_IPV6; /* IPv6 wants the outer checksum */
	}
	reason = count_hop(skb, p);
	if (reason)
		return reason;
	if (bpf_skb_set_tunnel_key(skb, &key, sizeof(key), flags))
		return -DROP_WRITE_ERROR;
	p->point = TO_OVERLAY;
	return bpf_redirect(config.overlay_ifindex, 0);
}

#endif
