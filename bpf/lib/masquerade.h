/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_MASQUERADE_H
#define SEKISHO_LIB_MASQUERADE_H

#include "address.h"
#include "config.h"
#include "drop.h"
#include "mark.h"
#include "packet.h"
#include "uplink.h"

/* The address that takes the place of the pods' in what leaves the cluster by the underlay; zero: none does. */
static __always_inline union address masquerade_address(bool ipv6)
{
	union address address;

	address.halves[0] = ipv6 ? config.masquerade_ipv6.halves[0] : config.masquerade_ipv4.halves[0];
	address.halves[1] = ipv6 ? config.masquerade_ipv6.halves[1] : config.masquerade_ipv4.halves[1];
	return address;
}

/* The same for whatever device it leaves by. */
static __always_inline union address masquerade_address_on(__u32 ifindex, bool ipv6)
{
	const struct uplink *uplink = uplink_of(ifindex);

	if (!uplink)
		return masquerade_address(ipv6);
	return ipv6 ? uplink->ipv6 : uplink->ipv4;
}

static __always_inline bool masquerade_is_on(void)
{
	return config.masquerade_ipv4.halves[1] || config.masquerade_ipv6.halves[0] ||
	       config.masquerade_ipv6.halves[1];
}

/* Marks what a pod sends out of the cluster for to_netdev, which alone knows what leaves the node;
 * entry is the destination's. Replies to who came from outside keep the address that he spoke to. 0
 * or a negative reason: a family without an address to hide behind does not get out. With uplinks,
 * to_netdev knows which one has. */
static __always_inline int masquerade(struct __sk_buff *skb, const struct packet *p,
				      const struct ipcache_entry *entry)
{
	union address address = masquerade_address(p->ipv6);

	if ((p->flags & EVENT_REPLY) || (entry && (entry->flags & IPCACHE_DIRECT)))
		return 0;
	if (address_is_none(&address) && !uplinks_exist())
		return masquerade_is_on() ? -DROP_NAT_NO_MAPPING : 0;
	mark_set(skb, MARK_MASQUERADE);
	return 0;
}

#endif
