/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_DECAP_H
#define SEKISHO_LIB_DECAP_H

#include "packet.h"

#define TUNNEL_ID_MASK 0xffffff

/* The sender's identity from the tunnel that the packet came through, 0 if there is none. */
static __always_inline __u32 decap_identity(struct __sk_buff *skb)
{
	struct bpf_tunnel_key key = {};

	if (!bpf_skb_get_tunnel_key(skb, &key, sizeof(key), 0) ||
	    !bpf_skb_get_tunnel_key(skb, &key, sizeof(key), BPF_F_TUNINFO_IPV6))
		return key.tunnel_id & TUNNEL_ID_MASK;
	return 0;
}

#endif
