/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_TUNNEL_H
#define SEKISHO_LIB_TUNNEL_H

#include "address.h"
#include "drop.h"
#include "packet.h"
#include <bpf/bpf_endian.h>

#define TUNNEL_TTL 64
#define TUNNEL_ID_MAX 0xffffff

/* The tunnel that the packet came through; false if there is none. node is the sender's end. */
static __always_inline bool tunnel_of(struct __sk_buff *skb, struct bpf_tunnel_key *key,
				      union address *node)
{
	if (!bpf_skb_get_tunnel_key(skb, key, sizeof(*key), 0)) {
		address_of_ipv4(node, bpf_htonl(key->remote_ipv4));
		return true;
	}
	if (!bpf_skb_get_tunnel_key(skb, key, sizeof(*key), BPF_F_TUNINFO_IPV6)) {
		address_of_ipv6(node, key->remote_ipv6);
		return true;
	}
	return false;
}

/* Gives the packet the tunnel to the node; the sender's identity travels as the tunnel id. 0 or a
 * negative reason. */
static __always_inline int tunnel_to(struct __sk_buff *skb, const struct packet *p,
				     const union address *node)
{
	struct bpf_tunnel_key key = {.tunnel_id = p->source_identity, .tunnel_ttl = TUNNEL_TTL};
	__u64 flags = BPF_F_ZERO_CSUM_TX;

	if (p->source_identity > TUNNEL_ID_MAX)
		return -DROP_INVALID_IDENTITY;
	if (address_is_ipv4(node)) {
		key.remote_ipv4 = bpf_ntohl(node->words[3]);
	} else {
		__builtin_memcpy(key.remote_ipv6, node->words, sizeof(key.remote_ipv6));
		flags = BPF_F_TUNINFO_IPV6; /* IPv6 wants the outer checksum */
	}
	return bpf_skb_set_tunnel_key(skb, &key, sizeof(key), flags) ? -DROP_WRITE_ERROR : 0;
}

#endif
