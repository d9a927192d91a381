/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_EXTENSION_H
#define SEKISHO_LIB_EXTENSION_H

#include "drop.h"
#include "types.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* Longest chain of IPv6 extension headers that is followed. */
#define EXTENSION_HEADERS 5

/* First 8 bytes that the four extension headers have in common, RFC 8200 section 4. */
struct extension_header {
	__u8 next;
	__u8 length; /* in units of 8 bytes, without the first; a fragment header's is reserved */
	__u8 kind;   /* routing: type */
	__u8 left;   /* routing: segments left */
	__u8 rest[4];
};

/* Offset << 8 | protocol of what follows the extension headers, the first of which is of kind next at
 * offset; or a negative reason. A later fragment is a fragment; the only one (RFC 6946) is not. A
 * route that is not finished hides the true destination and is refused. Global: verified once. */
__noinline int extension_walk(struct __sk_buff *skb, __u32 offset, __u32 next)
{
	for (int i = 0; i <= EXTENSION_HEADERS; i++) {
		struct extension_header header;

		if (next != IPPROTO_HOPOPTS && next != IPPROTO_ROUTING &&
		    next != IPPROTO_DSTOPTS && next != IPPROTO_FRAGMENT)
			return offset << 8 | next;
		if (bpf_skb_load_bytes(skb, offset, &header, sizeof(header)))
			return -DROP_INVALID_EXTENSION_HEADER;
		if (next == IPPROTO_ROUTING && header.left)
			return -DROP_INVALID_EXTENSION_HEADER;
		if (next == IPPROTO_FRAGMENT) {
			if (header.kind || (header.left & 0xf9))
				return -DROP_FRAGMENT;
			offset += sizeof(header);
		} else {
			offset += (header.length + 1) * 8;
		}
		next = header.next;
	}
	return -DROP_INVALID_EXTENSION_HEADER;
}

static __always_inline bool is_extension(__u8 next)
{
	return next == IPPROTO_HOPOPTS || next == IPPROTO_ROUTING || next == IPPROTO_DSTOPTS ||
	       next == IPPROTO_FRAGMENT;
}

#endif
