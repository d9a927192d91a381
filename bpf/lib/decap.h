/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_DECAP_H
#define SEKISHO_LIB_DECAP_H

#include "drop.h"
#include "identity.h"
#include "packet.h"
#include "tunnel.h"

/* The sender's identity from the tunnel, which is believed of nodes only; 0 or a negative reason. The
 * other node calls itself what it is for itself. */
static __always_inline int decap(struct __sk_buff *skb, struct packet *p)
{
	const struct ipcache_entry *sender;
	struct bpf_tunnel_key key = {};
	union address node;
	__u32 identity;

	if (!tunnel_of(skb, &key, &node))
		return -DROP_TUNNEL_KEY;
	identity = key.tunnel_id & TUNNEL_ID_MAX;
	if (!identity)
		return -DROP_TUNNEL_KEY;
	sender = ipcache_of(&node);
	if (!sender || !is_remote_node(sender->identity))
		return -DROP_UNKNOWN_SENDER;
	p->source_identity = identity == IDENTITY_HOST ? sender->identity : identity;
	return 0;
}

#endif
