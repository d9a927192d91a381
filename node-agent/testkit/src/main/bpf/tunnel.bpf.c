/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Gives a test's packet what only a tunnel device could give it, and goes on with the program that is
 * to be tested: the mark of the test's context becomes the tunnel id, the 128 bits in its scratch fields
 * (cb) the address of the tunnel's other end. A program that asks for the remote end gets what is set as
 * the local one, since the kernel thinks of the way in. */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* Where the programs to be tested lie in the map: Hook.java has the same order. */
enum next_program {
	NEXT_FROM_OVERLAY = 0,
	NEXT_ENTRIES = 8,
};

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, NEXT_ENTRIES);
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
	bpf_tail_call(skb, &next, NEXT_FROM_OVERLAY);
	return -2;
}

/* A connection that was not there before: ports count upwards in the packet itself. */
static __always_inline void open_another(__be16 *ports)
{
	ports[0] = bpf_htons(bpf_ntohs(ports[0]) + 1);
	if (!ports[0])
		ports[1] = bpf_htons(bpf_ntohs(ports[1]) + 1);
}

/* Before each of many runs over one packet, gives it back what the last run took: MACs (cb 0 to 2), hop
 * limit, and the mark or tunnel id (cb 4). cb 3 is the program to go on with, | 256 for another
 * connection each time. The IPv4 header's sum drifts; no program reads it. */
SEC("tc")
int again(struct __sk_buff *skb)
{
	__u8 *frame = (__u8 *)(long)skb->data;
	__u32 *macs = (__u32 *)frame, program = skb->cb[3] & 255;
	struct bpf_tunnel_key key = {.local_ipv4 = 0xc6120002};
	bool ipv4 = skb->protocol == bpf_htons(ETH_P_IP);

	if (frame + ETH_HLEN + 40 > (__u8 *)(long)skb->data_end)
		return -1;
	macs[0] = skb->cb[0];
	macs[1] = skb->cb[1];
	macs[2] = skb->cb[2];
	frame[ETH_HLEN + (ipv4 ? 8 : 7)] = 64;
	if (skb->cb[3] & 256) /* of IPv4 only */
		open_another((__be16 *)(frame + ETH_HLEN + 20));
	skb->mark = skb->cb[4];
	key.tunnel_id = skb->cb[4];
	if (program == NEXT_FROM_OVERLAY && bpf_skb_set_tunnel_key(skb, &key, sizeof(key), 0))
		return -1;
	bpf_tail_call(skb, &next, program);
	return -2;
}

/* What the harness itself takes. */
SEC("tc")
int nothing(struct __sk_buff *skb)
{
	return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "GPL";
