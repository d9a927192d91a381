/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Services at the socket: a process that names a service's address speaks to one of its backends from
 * the first packet on, so that policy, conntrack and events know whom it really speaks to, and
 * no packet is changed. What the process is told of its peer is the service. Attached to a cgroup;
 * IPv6 sockets name IPv4 addresses as ::ffff:a.b.c.d, which is how union address has them. */
#include "config.h"
#include "lib/address.h"
#include "lib/lru.h"
#include "lib/service.h"
#include "maps/services.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define PROCEED 1
#define REFUSE 0

/* What the call names. */
static __always_inline void read_name(const struct bpf_sock_addr *ctx, bool ipv6,
				      union address *address)
{
	if (!ipv6) {
		address_of_ipv4(address, ctx->user_ip4);
		return;
	}
	address->words[0] = ctx->user_ip6[0];
	address->words[1] = ctx->user_ip6[1];
	address->words[2] = ctx->user_ip6[2];
	address->words[3] = ctx->user_ip6[3];
}

static __always_inline void write_name(struct bpf_sock_addr *ctx, bool ipv6,
				       const union address *address, __be16 port)
{
	if (ipv6) {
		ctx->user_ip6[0] = address->words[0];
		ctx->user_ip6[1] = address->words[1];
		ctx->user_ip6[2] = address->words[2];
		ctx->user_ip6[3] = address->words[3];
	} else {
		ctx->user_ip4 = address->words[3];
	}
	ctx->user_port = port;
}

/* To a backend, if the process names a service. */
static __always_inline int to_backend(struct bpf_sock_addr *ctx, bool ipv6)
{
	struct service_key key = {.port = ctx->user_port, .protocol = ctx->protocol};
	struct service_socket socket = {};

	read_name(ctx, ipv6, &key.address);
	if (!bpf_map_lookup_elem(&services, &key))
		return PROCEED;
	if (!choose_backend(ctx, &key, &socket.peer)) {
		bpf_set_retval(-ECONNREFUSED);
		return REFUSE;
	}
	if (!ipv6 && !address_is_ipv4(&socket.peer.address))
		return PROCEED;
	socket.cookie = bpf_get_socket_cookie(ctx);
	lru_put(&service_sockets, &socket, &key, BPF_ANY);
	write_name(ctx, ipv6, &socket.peer.address, socket.peer.port);
	return PROCEED;
}

/* The service, if a backend is named that the socket came to by it. */
static __always_inline int from_backend(struct bpf_sock_addr *ctx, bool ipv6)
{
	struct service_socket socket = {.cookie = bpf_get_socket_cookie(ctx)};
	const struct service_key *key;

	read_name(ctx, ipv6, &socket.peer.address);
	socket.peer.port = ctx->user_port;
	key = bpf_map_lookup_elem(&service_sockets, &socket);
	if (key)
		write_name(ctx, ipv6, &key->address, key->port);
	return PROCEED;
}

SEC("cgroup/connect4")
int connect4(struct bpf_sock_addr *ctx)
{
	return to_backend(ctx, false);
}

SEC("cgroup/connect6")
int connect6(struct bpf_sock_addr *ctx)
{
	return to_backend(ctx, true);
}

/* Datagrams of a socket that is not connected. */
SEC("cgroup/sendmsg4")
int sendmsg4(struct bpf_sock_addr *ctx)
{
	return to_backend(ctx, false);
}

SEC("cgroup/sendmsg6")
int sendmsg6(struct bpf_sock_addr *ctx)
{
	return to_backend(ctx, true);
}

/* Who sent a datagram. */
SEC("cgroup/recvmsg4")
int recvmsg4(struct bpf_sock_addr *ctx)
{
	return from_backend(ctx, false);
}

SEC("cgroup/recvmsg6")
int recvmsg6(struct bpf_sock_addr *ctx)
{
	return from_backend(ctx, true);
}

SEC("cgroup/getpeername4")
int getpeername4(struct bpf_sock_addr *ctx)
{
	return from_backend(ctx, false);
}

SEC("cgroup/getpeername6")
int getpeername6(struct bpf_sock_addr *ctx)
{
	return from_backend(ctx, true);
}
