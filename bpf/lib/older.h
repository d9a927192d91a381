/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_OLDER_H
#define SEKISHO_LIB_OLDER_H

#include "packet.h"

/* TCP connections of the node itself that are older than its policy: no entry says who opened them, and
 * either side may speak first. The node's sockets know. */

#define SOCKET_NONE (-1)

/* State of the node's socket for packets from the remote end, SOCKET_NONE if there is none; remote port 0
 * finds who listens. */
static __noinline int node_socket_state(struct __sk_buff *skb, const struct packet *p, __be16 remote_port)
{
	bool in = p->direction == INGRESS;
	const union address *remote = in ? &p->tuple.source : &p->tuple.destination;
	const union address *local = in ? &p->tuple.destination : &p->tuple.source;
	__be16 local_port = in ? p->tuple.destination_port : p->tuple.source_port;
	struct bpf_sock_tuple ends = {};
	struct bpf_sock *socket;
	int state;

	if (p->ipv6) {
		__builtin_memcpy(ends.ipv6.saddr, remote->words, sizeof(ends.ipv6.saddr));
		__builtin_memcpy(ends.ipv6.daddr, local->words, sizeof(ends.ipv6.daddr));
		ends.ipv6.sport = remote_port;
		ends.ipv6.dport = local_port;
		socket = bpf_skc_lookup_tcp(skb, &ends, sizeof(ends.ipv6), BPF_F_CURRENT_NETNS, 0);
	} else {
		ends.ipv4.saddr = remote->words[3];
		ends.ipv4.daddr = local->words[3];
		ends.ipv4.sport = remote_port;
		ends.ipv4.dport = local_port;
		socket = bpf_skc_lookup_tcp(skb, &ends, sizeof(ends.ipv4), BPF_F_CURRENT_NETNS, 0);
	}
	if (!socket)
		return SOCKET_NONE;
	state = socket->state;
	bpf_sk_release(socket);
	return state;
}

/* Whether the packet answers on an open connection: the side that listens on its port is the server. */
static __always_inline bool is_older_reply(struct __sk_buff *skb, const struct packet *p)
{
	__be16 remote_port = p->direction == INGRESS ? p->tuple.source_port : p->tuple.destination_port;
	int state;
	bool listens;

	if (p->tuple.protocol != IPPROTO_TCP || p->opens || p->fragment == FRAGMENT_LATER)
		return false;
	state = node_socket_state(skb, p, remote_port);
	if (state == SOCKET_NONE || state == BPF_TCP_LISTEN)
		return false;
	listens = node_socket_state(skb, p, 0) == BPF_TCP_LISTEN;
	return p->direction == INGRESS ? !listens : listens;
}

#endif
