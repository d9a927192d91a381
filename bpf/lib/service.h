/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_SERVICE_H
#define SEKISHO_LIB_SERVICE_H

#include "lru.h"
#include "maps/services.h"
#include "types.h"
#include <bpf/bpf_helpers.h>

#define SECOND_NS 1000000000ULL

/* Of 2^64: spreads numbers that lie close together. */
#define GOLDEN_RATIO 0x9e3779b97f4a7c15ULL

/* The agent may exchange a list between two lookups. */
#define SERVICE_TRIES 3

/* Datagrams of a socket that is not connected may belong together, as those of QUIC do: they go to one
 * backend while the list is the same. */
static __always_inline __u32 draw(void *ctx, const struct service_key *key)
{
	if (key->protocol == IPPROTO_UDP)
		return bpf_get_socket_cookie(ctx) * GOLDEN_RATIO >> 32;
	return bpf_get_prandom_u32();
}

/* Any backend of the list; false if there is none. */
static __always_inline bool any_backend(void *ctx, const struct service_key *key,
					const struct service *service, struct backend *chosen)
{
	struct backend_key place = {.list = service->list};
	const struct backend *found;

	if (!service->backends)
		return false;
	place.index = draw(ctx, key) % service->backends;
	found = bpf_map_lookup_elem(&backends, &place);
	if (found)
		*chosen = *found;
	return found;
}

/* The backend that the client had last, if it keeps it; else any, which it keeps from now on. The agent
 * takes those out of service_clients that are no backends any more. */
static __always_inline bool same_backend(void *ctx, const struct service_key *key,
					 const struct service *service, struct backend *chosen)
{
	struct service_client client = {.service = *key, .network = bpf_get_netns_cookie(ctx)};
	struct kept_backend *kept = bpf_map_lookup_elem(&service_clients, &client), fresh = {};
	__u64 now = bpf_ktime_get_ns();
	__u64 until = now + service->affinity_seconds * SECOND_NS;

	if (kept && kept->until > now && service->backends) {
		kept->until = until;
		*chosen = kept->backend;
		return true;
	}
	if (!any_backend(ctx, key, service, chosen))
		return false;
	fresh.backend = *chosen;
	fresh.until = until;
	lru_put(&service_clients, &client, &fresh, BPF_ANY);
	return true;
}

/* A backend for one more connection to the service; false if it has none. */
static __always_inline bool choose_backend(void *ctx, const struct service_key *key,
					   struct backend *chosen)
{
	for (int i = 0; i < SERVICE_TRIES; i++) {
		const struct service *service = bpf_map_lookup_elem(&services, key);

		if (!service)
			return false;
		if (service->affinity_seconds ? same_backend(ctx, key, service, chosen)
					      : any_backend(ctx, key, service, chosen))
			return true;
	}
	return false;
}

#endif
