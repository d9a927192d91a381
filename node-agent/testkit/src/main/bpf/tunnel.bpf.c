/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Gives a test's packet what only a tunnel device could give it, and goes on with the program that is
 * to be tested: the mark of the test's context becomes the tunnel id. */
#include "vmlinux.h"
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
	struct bpf_tunnel_key key = {.tunnel_id = skb->mark, .remote_ipv4 = 0xc6120002};

	if (bpf_skb_set_tunnel_key(skb, &key, sizeof(key), 0))
		return -1;
	bpf_tail_call(skb, &next, 0);
	return -2;
}

char LICENSE[] SEC("license") = "GPL";
