/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef SEKISHO_LIB_DROP_H
#define SEKISHO_LIB_DROP_H

/* Why a packet is dropped; Hubble's numbers (flow.DropReason). Functions return them negative; only
 * finish() of finish.h turns one into an event, a count and a verdict. */
enum drop_reason {
	DROP_INVALID_SOURCE_MAC = 130,
	DROP_INVALID_DESTINATION_MAC = 131,
	DROP_INVALID_SOURCE_IP = 132,
	DROP_POLICY_DENIED = 133, /* default deny */
	DROP_INVALID_PACKET = 134,
	DROP_INVALID_L4_HEADER = 135,
	DROP_MISSING_TCP_ACK = 136,
	DROP_UNKNOWN_L4_PROTOCOL = 137,
	DROP_UNSUPPORTED_L3_PROTOCOL = 139,
	DROP_WRITE_ERROR = 141,
	DROP_TUNNEL_KEY = 147,
	DROP_NO_LOCAL_ENDPOINT = 152,
	DROP_CONNTRACK_INSERT = 155,
	DROP_INVALID_EXTENSION_HEADER = 156,
	DROP_FRAGMENTATION = 157, /* too long for the way, and nobody may be told or cut it */
	DROP_NO_TUNNEL = 160,
	DROP_NO_POLICY = 165,
	DROP_NAT_NO_MAPPING = 167, /* no free port for a masqueraded connection */
	DROP_NAT_UNSUPPORTED = 168, /* a protocol that cannot be masqueraded */
	DROP_FIB_LOOKUP = 169, /* the routes say: unreachable */
	DROP_FORGED_TUNNEL = 170,
	DROP_INVALID_IDENTITY = 171,
	DROP_UNKNOWN_SENDER = 172, /* a tunnel from who is no node */
	DROP_FRAGMENT_NOT_FOUND = 175, /* the first fragment was not seen */
	DROP_FORBIDDEN_ICMPV6 = 176,
	DROP_PROXY_UNSUPPORTED = 180,
	DROP_POLICY_DENY = 181, /* by a deny rule */
	DROP_VLAN = 182,
	DROP_TTL_EXCEEDED = 196,
	DROP_ENDPOINT_NOT_READY = 203,
	DROP_PREFIX_DENIED = 240, /* a deny list; Hubble has no number for it */
};

#endif
