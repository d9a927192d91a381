/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_OUTSIDE_H
#define SEKISHO_LIB_OUTSIDE_H

#include "address.h"
#include "drop.h"
#include "identity.h"
#include "packet.h"
#include "uplink.h"

/* Identity of a sender beyond the node whose packet came as it is, through no tunnel; 0 or a negative
 * reason. The node's own and its pods' addresses are not out there, and who lives behind a tunnel
 * comes through it, but nodes come both ways. */
static __noinline int identify_outside(struct packet *p)
{
	const union address *source = &p->tuple.source;
	const struct ipcache_entry *entry = ipcache_of(source);

	p->source_identity = identity_of(entry);
	if (p->source_identity == IDENTITY_HOST)
		p->source_identity = IDENTITY_WORLD;
	if (is_own_address(source) || address_is_martian(source) ||
	    (!is_elsewhere(entry) && endpoint_of(source)))
		return -DROP_INVALID_SOURCE_IP;
	if (entry && !address_is_none(&entry->tunnel) && !is_remote_node(entry->identity))
		return -DROP_INVALID_SOURCE_IP;
	return 0;
}

#endif
