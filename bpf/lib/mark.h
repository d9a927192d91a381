/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_MARK_H
#define SEKISHO_LIB_MARK_H

#include "types.h"

/* The high byte of skb->mark is ours on the way through the node; a pod cannot set it, because marks
 * end at the border of a network namespace. Other bits belong to the machine's own rules. */
#define MARK_MASK 0xff000000
#define MARK_MASQUERADE 0x5e000000 /* from a pod, to the outside: gets the node's address */
#define MARK_MASQUERADED 0x5f000000 /* has it already */
#define MARK_ENCAPSULATED 0x5d000000 /* has its tunnel key already */

static __always_inline bool mark_is(const struct __sk_buff *skb, __u32 mark)
{
	return (skb->mark & MARK_MASK) == mark;
}

/* The kernel takes a mark only as a whole; the compiler would write the byte that changes. */
static __always_inline void mark_set(struct __sk_buff *skb, __u32 mark)
{
	*(volatile __u32 *)&skb->mark = (skb->mark & ~MARK_MASK) | mark;
}

static __always_inline void mark_clear(struct __sk_buff *skb)
{
	if (skb->mark & MARK_MASK)
		mark_set(skb, 0);
}

#endif
