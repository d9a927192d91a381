/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* What programs and Java share: every struct that lies in a map or in the event ring. Native byte
 * order unless a type says big-endian (__be16). Offsets are written down; a change is a new layout
 * version (LAYOUT_VERSION in config.h), so that an agent never reads pins of another layout. */
#ifndef SEKISHO_TYPES_H
#define SEKISHO_TYPES_H

#include "vmlinux.h"

/* An address, always 128 bits, network byte order; IPv4 as ::ffff:a.b.c.d. All zero: none. */
union address {
	__u8 bytes[16];
	__be32 words[4];
	__u64 halves[2];
};

/* Identities with a fixed meaning; the others are given out by the cluster store. */
enum identity {
	IDENTITY_ANY = 0,
	IDENTITY_HOST = 1,
	IDENTITY_WORLD = 2,
	IDENTITY_UNMANAGED = 3, /* an address of the cluster's pods that no node has: it is gone */
	IDENTITY_HEALTH = 4,
	IDENTITY_REMOTE_NODE = 6,
	IDENTITY_KUBE_APISERVER = 7,
	IDENTITY_EVERY_POD = 255, /* in keys of policies: whoever has one of a pod's numbers */
	IDENTITY_FIRST_POD = 256, /* pods have the numbers from here on, ... */
	IDENTITY_FIRST_LOCAL = 1 << 24, /* ... below this */
};

/* High byte of the numbers that this node gives to other nodes whose labels policies tell apart. */
#define REMOTE_NODES 2

/* High byte of the numbers of prefixes by which addresses of pods and nodes are meant, too: the number
 * of the same prefix as a CIDR, and the bit of REMOTE_NODES. */
#define POLICY_BLOCKS 3

/* Rule ids below 16 are decisions that no document made. */
enum rule {
	RULE_UNKNOWN = 0,
	RULE_NOT_ENFORCED = 1,
	RULE_DEFAULT_DENY = 2,
	RULE_LOCAL_HOST = 3,
	RULE_REPLY = 4,
	RULE_FAIL_SAFE = 8, /* the node's own traffic on a port that is never denied */
};

enum direction {
	INGRESS = 0,
	EGRESS = 1,
};

/* ---- endpoints, endpoint_config ---- */

enum endpoint_flag {
	ENDPOINT_ENFORCE_INGRESS = 1 << 0, /* no matching entry: deny what comes in */
	ENDPOINT_ENFORCE_EGRESS = 1 << 1,  /* no matching entry: deny what goes out */
	ENDPOINT_AUDIT = 1 << 2,           /* denied traffic passes and is reported */
};

/* A local pod's interface; 64 bytes, the same value in endpoints and in endpoint_config. */
struct endpoint {
	__u32 ifindex;         /*  0: host side of the pod's interface pair */
	__u32 id;              /*  4: unique on the node, key of policies */
	__u32 identity;        /*  8 */
	__u32 policy_revision; /* 12: another number makes open connections be decided again */
	__u32 flags;           /* 16: enum endpoint_flag */
	__u8 pod_mac[6];       /* 20: both MACs lie as in an Ethernet header towards the pod */
	__u8 host_mac[6];      /* 26 */
	union address ipv4;    /* 32: zero for none */
	union address ipv6;    /* 48: zero for none */
};

/* The node itself, to its own policy: id, and the key in endpoint_config, which no interface has. */
#define HOST_ENDPOINT 0x10000
#define HOST_INTERFACE 0

/* ---- node_state ---- */

enum node_state_flag {
	NODE_HOST_POLICY = 1 << 0, /* a policy speaks of the node's own traffic */
	NODE_UNSETTLED = 1 << 1,   /* the agent's mark: connections may stand on tables of before */
};

/* 4 bytes, so that it is written in one step. */
struct node_state {
	__u32 flags; /* 0: enum node_state_flag */
};

/* ---- uplinks ---- */

/* A device beside the underlay by which pods' packets leave the cluster; 32 bytes. Zero: it has no address of
 * the family, and no pod's packet of the family leaves by it. */
struct uplink {
	union address ipv4; /*  0: the source of what leaves */
	union address ipv6; /* 16 */
};

/* ---- ipcache ---- */

/* Key: prefix_length counts bits of the 128-bit address (IPv4 a.b.c.d/n is 96 + n). */
struct ipcache_key {
	__u32 prefix_length; /* 0 */
	union address address; /* 4 */
} __attribute__((packed));

enum ipcache_flag {
	IPCACHE_DIRECT = 1 << 0, /* what pods send there keeps their own address: not masqueraded */
	IPCACHE_OWN = 1 << 1,    /* this node's pods', its pod ranges included: nobody else has it */
	IPCACHE_ELSEWHERE = 1 << 2, /* another node's pod's, or another node's: no pod of this node has it */
};

/* Who has an address, and the node behind which he is; 24 bytes. */
struct ipcache_entry {
	__u32 identity;       /* 0 */
	__u32 flags;          /* 4: enum ipcache_flag */
	union address tunnel; /* 8: underlay address of the node; zero: local, or outside the cluster */
};

/* ---- prefilter_ipv4, prefilter_ipv6, prefilter_told ---- */

/* Key of the IPv4 prefixes: how many leading bits count, then the address. IPv6 ones are found by
 * struct ipcache_key. */
struct prefix_ipv4 {
	__u32 prefix_length; /* 0 */
	__be32 address;      /* 4 */
};

enum prefix_verdict {
	PREFIX_SPARED = 0, /* inside of a denied one: an address of the cluster's nodes */
	PREFIX_DENIED = 1,
};

/* 16 bytes. */
struct prefilter_told {
	__u64 since; /* 0: CLOCK_MONOTONIC ns, when the second began */
	__u64 count; /* 8: drops told or left out since */
};

/* ---- policies ---- */

/* Bits of a policy key that always count: identity, direction. */
#define POLICY_PREFIX_STATIC 40
#define POLICY_PREFIX_PROTOCOL 48
#define POLICY_PREFIX_FULL 64

/* Key of a policy entry; 12 bytes. prefix_length: 40 any protocol, 48 any port of a protocol,
 * 48 + n a range of ports with n common leading bits, 64 one port. For ICMP and ICMPv6 the type of
 * the message stands where the port is. */
struct policy_key {
	__u32 prefix_length; /*  0 */
	__u32 identity;      /*  4: the peer's, EVERY_POD, 0 for any; or that of a block */
	__u8 egress;         /*  8: 1 if the endpoint sends */
	__u8 protocol;       /*  9 */
	__be16 port;         /* 10: destination port */
};

enum policy_flag {
	POLICY_DENY_FLAG = 1 << 0,
	POLICY_AUDIT_FLAG = 1 << 1, /* only reported as denied: the policy is under audit */
};

/* What an entry decides; 12 bytes. */
struct policy_entry {
	__u32 rule_id;    /*  0 */
	__u32 precedence; /*  4: between the peer's entry and the one for any peer the higher wins */
	__u16 proxy_port; /*  8: 0 for none */
	__u16 flags;      /* 10: enum policy_flag */
#ifdef TEST_LONGER_POLICY
	__u32 test_later;
#endif
};

/* ---- conntrack_tcp, conntrack_any ---- */

/* Key of a connection as its opener sent it; 40 bytes. ICMP echo: the id is the source port of
 * requests (and so the destination port of replies); other ICMP has no ports, but each type is a
 * connection of its own, as policy may tell types apart. */
struct tuple {
	union address source;      /*  0 */
	union address destination; /* 16 */
	__be16 source_port;        /* 32 */
	__be16 destination_port;   /* 34 */
	__u8 protocol;             /* 36 */
	__u8 direction;            /* 37: enum direction, as the endpoint that decides sees it */
	__u8 icmp_type;            /* 38: of ICMP other than echo; else zero */
	__u8 reserved;             /* 39: zero */
};

/* Traffic of one side of a connection; 24 bytes. */
struct conntrack_side {
	__u64 bytes;            /*  0: layer 3 length */
	__u64 reported_bytes;   /*  8: of these, told by events */
	__u32 packets;          /* 16: modulo 2^32, as the next */
	__u32 reported_packets; /* 20: 0: nothing was ever told */
};

enum conntrack_side_index {
	SIDE_OPENER = 0,
	SIDE_REPLIER = 1,
};

enum conntrack_flag {
	CONNTRACK_ESTABLISHED = 1 << 0, /* a TCP segment without SYN was seen */
	CONNTRACK_AUDITED = 1 << 1,     /* denied by policy, passes because of audit */
	CONNTRACK_BY_STACK = 1 << 2,    /* came through the node's stack (its NAT): replies go that way */
	CONNTRACK_CUT = 1 << 3,         /* rule_id denies what passed before: replies are dropped too */
};

/* A connection; 88 bytes. */
struct conntrack_entry {
	__u64 expires;                 /*  0: CLOCK_MONOTONIC ns; past: as if it were not there */
	__u32 endpoint;                /*  8: id of the endpoint that decided */
	__u32 policy_revision;         /* 12: of that endpoint, when it decided */
	__u32 peer_identity;           /* 16: of the other end, when it decided */
	__u32 rule_id;                 /* 20: that allowed it */
	__u16 flags;                   /* 24: enum conntrack_flag */
	__u8 tcp_flags[2];             /* 26: flags seen from each side */
	__u32 reserved;                /* 28: zero */
	__u32 reported_at[2];          /* 32: CLOCK_MONOTONIC, last report of each side; see REPORT_SHIFT */
	struct conntrack_side side[2]; /* 40: SIDE_OPENER, SIDE_REPLIER */
#ifdef TEST_LONGER_CONNTRACK /* a later version, for the test of upgrades */
	__u64 test_later[2];
#endif
};

/* Units of reported_at are so many bits of ns: 1.05 ms, modulo 2^32, which is 52 days. */
#define REPORT_SHIFT 20

/* A connection and its key: two lines of a processor's cache. */
struct conntrack_slot {
	struct tuple key;             /*  0 */
	struct conntrack_entry entry; /* 40 */
};

#define CONNTRACK_WAYS 16

/* Connections of which the hash is alike; 64 bytes, and 128 for each. */
struct conntrack_bucket {
	/* 0: of each slot's key: 0 for an empty slot; see TAG_THERE */
	__u32 tags[CONNTRACK_WAYS];
	struct conntrack_slot slots[CONNTRACK_WAYS]; /* 64 */
};

/* What a table's first element holds instead of a bucket; 44 bytes. */
struct conntrack_table {
	__u64 secret[5]; /*  0: random numbers for the hash */
	__u32 buckets;   /* 40: that follow */
};

/* ---- nat ---- */

/* A masqueraded connection, in both directions: keyed by the tuple as the pod sends it (direction
 * EGRESS), and by the tuple as the answer comes to the node (INGRESS); 32 bytes. */
struct nat_entry {
	__u64 used;            /*  0: CLOCK_MONOTONIC ns of the last packet */
	union address address; /*  8: takes the place of the source (EGRESS) or destination (INGRESS) */
	__be16 port;           /* 24: so does this, or the echo id */
	__u8 reserved[6];      /* 26: zero; NAT_TAKEN for a moment */
};

/* ---- fragments ---- */

/* Key: what the fragments of a packet have in common; 40 bytes. The next header that IPv6 fragments
 * name may differ between them (RFC 8200 section 4.5), so there the fragment header's own number
 * stands for it. */
struct fragment_key {
	union address source;      /*  0 */
	union address destination; /* 16 */
	__be32 id;                 /* 32: 16 bits for IPv4 */
	__u8 protocol;             /* 36: IPPROTO_FRAGMENT for IPv6 */
	__u8 reserved[3];          /* 37: zero */
};

enum fragment_flag {
	FRAGMENT_BY_STACK = 1 << 0, /* went to the stack for its length: the later ones must follow */
};

/* What only the first fragment says; 24 bytes. */
struct fragment_entry {
	__u64 seen;              /*  0: CLOCK_MONOTONIC ns of the first fragment */
	__be16 source_port;      /*  8: as in struct tuple */
	__be16 destination_port; /* 10 */
	__u8 icmp_type;          /* 12 */
	__u8 icmp_code;          /* 13 */
	__u8 protocol;           /* 14: of layer 4 */
	__u8 headers;            /* 15: end of the layer 4 header, in units of 8 bytes, rounded up */
	__u8 flags;              /* 16: enum fragment_flag */
	__u8 reserved[7];        /* 17: zero */
};

/* ---- services, backends, service_sockets, service_clients ---- */

/* A service's address, port and protocol, as clients name it; 24 bytes. */
struct service_key {
	union address address; /*  0 */
	__be16 port;           /* 16 */
	__u8 protocol;         /* 18 */
	__u8 reserved[5];      /* 19: zero */
};

/* Who answers for it. A list never changes: others are a list with another number; 16 bytes. */
struct service {
	__u32 list;             /*  0: number of the list of backends */
	__u32 backends;         /*  4: how many; 0: connections are refused */
	__u32 affinity_seconds; /*  8: so long a client keeps its backend; 0: each connection has any */
	__u32 reserved;         /* 12: zero */
};

/* 8 bytes. */
struct backend_key {
	__u32 list;  /* 0 */
	__u32 index; /* 4: below service.backends */
};

/* 24 bytes. */
struct backend {
	union address address; /*  0 */
	__be16 port;           /* 16 */
	__u8 reserved[6];      /* 18: zero */
};

/* Key: a socket, and the backend that it speaks to; the value is the service; 32 bytes. */
struct service_socket {
	__u64 cookie;        /* 0 */
	struct backend peer; /* 8 */
};

/* Key: who keeps his backend of a service; 32 bytes. */
struct service_client {
	struct service_key service; /*  0 */
	__u64 network;              /* 24: cookie of the client's network namespace */
};

/* 32 bytes. */
struct kept_backend {
	struct backend backend; /*  0 */
	__u64 until;            /* 24: CLOCK_MONOTONIC ns */
};

/* ---- events ---- */

/* Kinds of events, Hubble's numbers. */
enum event_type {
	EVENT_DROP = 1,
	EVENT_TRACE = 4,
	EVENT_POLICY_VERDICT = 5,
};

/* Where a packet was handed to, Hubble's numbers (TraceObservationPoint). */
enum observation_point {
	TO_HOST = 2,
	TO_STACK = 3,
	TO_OVERLAY = 4,
	TO_NETWORK = 11,
	TO_ENDPOINT = 101,
};

enum event_flag {
	EVENT_DENIED = 1 << 0,  /* policy denied */
	EVENT_AUDITED = 1 << 1, /* policy denied, the packet passes because of audit */
	EVENT_EGRESS = 1 << 2,  /* the deciding endpoint opened the connection */
	EVENT_REPLY = 1 << 3,   /* the packet goes against the opener's direction */
	EVENT_OPENED = 1 << 4,  /* first packet of the connection */
};

/* What policy said of the packet. */
enum verdict {
	VERDICT_NONE = 0, /* it was not asked, or no document speaks of the packet */
	VERDICT_ALLOWED = 1,
	VERDICT_AUDITED = 128, /* from here on: lets it pass because of audit; the reason to drop it */
};

/* One event; 96 bytes. What each field means per type: DESIGN.md, "Events". */
struct event {
	__u64 timestamp;            /*  0: CLOCK_MONOTONIC ns */
	union address source;       /*  8: as the packet says */
	union address destination;  /* 24 */
	__u64 packets;              /* 40: of this side since its last report */
	__u64 bytes;                /* 48: layer 3 length */
	__u32 source_identity;      /* 56 */
	__u32 destination_identity; /* 60 */
	__u32 endpoint;             /* 64: that decided, 0 for none */
	__u32 ifindex;              /* 68: where the packet was seen */
	__u32 rule_id;              /* 72: that decided at the endpoint */
	__u32 other_rule_id;        /* 76: same-node delivery: that decided at the sender; else 0 */
	__u16 source_port;          /* 80: native byte order */
	__u16 destination_port;     /* 82: native byte order */
	__u8 type;                  /* 84: enum event_type */
	__u8 subtype;               /* 85: drop reason, observation point; verdicts: 0 or the reason */
	__u8 protocol;              /* 86 */
	__u8 tcp_flags;             /* 87: byte 13 of the TCP header */
	__u8 icmp_type;             /* 88 */
	__u8 icmp_code;             /* 89 */
	__u16 flags;                /* 90: enum event_flag */
	__u8 verdict;               /* 92: enum verdict, of traces: a policy verdict in the same event */
	__u8 reserved[3];           /* 93: zero */
};

/* ---- metrics ---- */

/* Sum of packets with one fate; 16 bytes. */
struct metric {
	__u64 packets; /* 0 */
	__u64 bytes;   /* 8: layer 3 length */
};

_Static_assert(sizeof(struct endpoint) == 64, "layout");
_Static_assert(sizeof(struct ipcache_key) == 20, "layout");
_Static_assert(sizeof(struct ipcache_entry) == 24, "layout");
_Static_assert(sizeof(struct policy_key) == 12, "layout");
#ifndef TEST_LONGER_POLICY
_Static_assert(sizeof(struct policy_entry) == 12, "layout");
#endif
_Static_assert(sizeof(struct tuple) == 40, "layout");
#ifndef TEST_LONGER_CONNTRACK
_Static_assert(sizeof(struct conntrack_entry) == 88, "layout");
_Static_assert(sizeof(struct conntrack_slot) == 128, "layout");
_Static_assert(sizeof(struct conntrack_bucket) == 2112, "layout");
#endif
_Static_assert(sizeof(struct nat_entry) == 32, "layout");
_Static_assert(sizeof(struct fragment_key) == 40, "layout");
_Static_assert(sizeof(struct fragment_entry) == 24, "layout");
_Static_assert(sizeof(struct service_key) == 24, "layout");
_Static_assert(sizeof(struct service) == 16, "layout");
_Static_assert(sizeof(struct backend) == 24, "layout");
_Static_assert(sizeof(struct service_socket) == 32, "layout");
_Static_assert(sizeof(struct service_client) == 32, "layout");
_Static_assert(sizeof(struct kept_backend) == 32, "layout");
_Static_assert(sizeof(struct event) == 96, "layout");

#endif
