/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_MASQUERADE_H
#define SEKISHO_LIB_MASQUERADE_H

#include "address.h"
#include "config.h"
#include "drop.h"
#include "mark.h"
#include "packet.h"

/* The address that takes the place of the pods' in what leaves the cluster; zero: none does. */
static __always_inline union address masquerade_address(bool ipv6)
{
	union address address;

	address.halves[0] = ipv6 ? config.masquerade_ipv6.halves[0] : config.masquerade_ipv4.halves[0];
	address.halves[1] = ipv6 ? config.masquerade_ipv6.halves[1] : config.masquerade_ipv4.halves[1];
	return address;
}

static __always_inline bool masquerade_is_on(void)
{
	return config.masquerade_ipv4.halves[1] || config.masquerade_ipv6.halves[0] ||
	       config.masquerade_ipv6.halves[1];
}

/* Marks what a pod sends out of the cluster for to_netdev, which alone knows what leaves the node;
 * entry is the destination's. Replies to who came from outside keep the address that he spoke to. 0
 * or a negative reason: a family without an address to hide behind does not get out. */
static __always_inline int masquerade(struct __sk_buff *skb, const struct packet *p,
				      const struct ipcache_entry *entry)
{
	union address address = masquerade_address(p->ipv6);

	if (!masquerade_is_on() || (p->flags & EVENT_REPLY) ||
	    (entry && (entry->flags & IPCACHE_DIRECT)))
		return 0;
	if (address_is_none(&address))
		return -DROP_NAT_NO_MAPPING;
	mark_set(skb, MARK_MASQUERADE);
	return 0;
}

#endif
