/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_EXTENSION_H
#define SEKISHO_LIB_EXTENSION_H

#include "drop.h"
#include "types.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* Longest chain of IPv6 extension headers that is followed. */
#define EXTENSION_HEADERS 5

/* Lowest bit of the field that says where a fragment belongs: others follow. The upper 13 are the
 * offset in units of 8 bytes, RFC 8200 section 4.5. */
#define FRAGMENT_MORE 0x0001
#define FRAGMENT_OFFSET_SHIFT 3
#define FRAGMENT_RESERVED 0x0006

/* First 8 bytes that the four extension headers have in common, RFC 8200 section 4. */
struct extension_header {
	__u8 next;
	__u8 length; /* in units of 8 bytes, without the first; a fragment header's is reserved */
	union {
		struct {
			__u8 type; /* of a routing header */
			__u8 left; /* its segments left */
		};
		__be16 place; /* of a fragment header: offset, reserved, more */
	};
	__be32 id; /* of a fragment header */
};

/* The chain of extension headers: where it begins, and what the walk found. */
struct extension_chain {
	__u32 offset;     /* of the first header, then of what follows the last, from the frame's start */
	__u32 fragmented; /* offset of the content of a fragment; 0: it is none */
	__be32 id;        /* of the fragment */
	__u16 place;      /* of the fragment, as in its header, native byte order */
	__u8 next;        /* protocol of what is at the offset */
	__u8 reserved;
};

static __always_inline bool is_extension(__u8 next)
{
	return next == IPPROTO_HOPOPTS || next == IPPROTO_ROUTING || next == IPPROTO_DSTOPTS ||
	       next == IPPROTO_FRAGMENT;
}

/* What a fragment header says; false if there was one before. The only fragment of a packet (RFC 6946)
 * is none. */
static __always_inline bool extension_fragment(struct extension_chain *chain,
					       const struct extension_header *header)
{
	__u16 place = bpf_ntohs(header->place) & ~FRAGMENT_RESERVED;

	if (chain->fragmented)
		return false;
	chain->offset += sizeof(*header);
	if (place) {
		chain->fragmented = chain->offset;
		chain->id = header->id;
		chain->place = place;
	}
	return true;
}

/* Follows the chain to layer 4, or to the content of a later fragment; 0 or a negative reason. A route
 * that is not finished hides the true destination and is refused. Global: verified once. */
__noinline int extension_walk(struct __sk_buff *skb, struct extension_chain *chain)
{
	if (!chain)
		return -DROP_INVALID_EXTENSION_HEADER;
	for (int i = 0; i <= EXTENSION_HEADERS; i++) {
		struct extension_header header;
		__u8 kind = chain->next;

		if (!is_extension(kind) || chain->place >> FRAGMENT_OFFSET_SHIFT)
			return 0;
		if (bpf_skb_load_bytes(skb, chain->offset, &header, sizeof(header)))
			return -DROP_INVALID_EXTENSION_HEADER;
		chain->next = header.next;
		if (kind == IPPROTO_ROUTING && header.left)
			return -DROP_INVALID_EXTENSION_HEADER;
		if (kind != IPPROTO_FRAGMENT)
			chain->offset += (header.length + 1) * 8;
		else if (!extension_fragment(chain, &header))
			return -DROP_INVALID_EXTENSION_HEADER;
	}
	return -DROP_INVALID_EXTENSION_HEADER;
}

#endif
