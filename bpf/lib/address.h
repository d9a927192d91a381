/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_ADDRESS_H
#define SEKISHO_LIB_ADDRESS_H

#include "types.h"
#include <bpf/bpf_endian.h>

static __always_inline bool address_equal(const union address *a, const union address *b)
{
	return a->halves[0] == b->halves[0] && a->halves[1] == b->halves[1];
}

/* Whether the 128 bits stand for an IPv4 address. */
static __always_inline bool address_is_ipv4(const union address *a)
{
	return !a->halves[0] && a->words[2] == bpf_htonl(0xffff);
}

static __always_inline bool address_is_none(const union address *a)
{
	return !(a->halves[0] | a->halves[1]);
}

static __always_inline void address_of_ipv4(union address *a, __be32 ipv4)
{
	a->halves[0] = 0;
	a->words[2] = bpf_htonl(0xffff);
	a->words[3] = ipv4;
}

static __always_inline void address_of_ipv6(union address *a, const __be32 *ipv6)
{
	a->words[0] = ipv6[0];
	a->words[1] = ipv6[1];
	a->words[2] = ipv6[2];
	a->words[3] = ipv6[3];
}

/* Multicast, IPv4 broadcast and what is reserved above: 224.0.0.0 and up, ff00::/8. */
static __always_inline bool address_is_group(const union address *a)
{
	return address_is_ipv4(a) ? a->bytes[12] >= 224 : a->bytes[0] == 0xff;
}

/* What nobody on the way has: groups, the loopback, "this network", and none. */
static __always_inline bool address_is_martian(const union address *a)
{
	if (address_is_ipv4(a))
		return a->bytes[12] >= 224 || a->bytes[12] == 127 || !a->bytes[12];
	return a->bytes[0] == 0xff || (!a->halves[0] && (!a->halves[1] || a->halves[1] == bpf_cpu_to_be64(1)));
}

/* fe80::/10 or ff02::/16: does not leave the link. */
static __always_inline bool address_is_link_scope(const union address *a)
{
	return (a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0x80) ||
	       (a->bytes[0] == 0xff && (a->bytes[1] & 0x0f) == 0x02);
}

#endif
