/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Gives a test's packet what only a tunnel device could give it, and goes on with the program that is
 * to be tested: the mark of the test's context becomes the tunnel id, the 128 bits in its scratch fields
 * (cb) the address of the tunnel's other end. A program that asks for the remote end gets what is set as
 * the local one, since the kernel thinks of the way in. */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} next SEC(".maps");

SEC("tc")
int through_tunnel(struct __sk_buff *skb)
{
	struct bpf_tunnel_key key = {.tunnel_id = skb->mark};
	bool ipv4 = !skb->cb[0] && !skb->cb[1] && skb->cb[2] == bpf_htonl(0xffff);

	if (ipv4) {
		key.local_ipv4 = bpf_ntohl(skb->cb[3]);
	} else {
		key.local_ipv6[0] = skb->cb[0];
		key.local_ipv6[1] = skb->cb[1];
		key.local_ipv6[2] = skb->cb[2];
		key.local_ipv6[3] = skb->cb[3];
	}
	if (bpf_skb_set_tunnel_key(skb, &key, sizeof(key), ipv4 ? 0 : BPF_F_TUNINFO_IPV6))
		return -1;
	bpf_tail_call(skb, &next, 0);
	return -2;
}

char LICENSE[] SEC("license") = "GPL";
