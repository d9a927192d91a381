/* One map of every kind that libbpf's tests use, and programs that touch them. */
#include "types.h"
#include <bpf/bpf_helpers.h>

enum { HASH = 1, ARRAY = 2, PERCPU_ARRAY = 6, LRU = 9, LPM = 11, HASH_OF_MAPS = 13, RING = 27 };

struct __sk_buff {
	__u32 len;
	__u32 pkt_type;
	__u32 mark;
};

struct pair {
	__u16 first;
	struct {
		__u32 second;
	};
	__u8 tail[6];
};

const volatile __u32 answer = 1;
const volatile __u8 address[16] = {};

struct {
	__uint(type, HASH);
	__type(key, __u32);
	__type(value, struct pair);
	__uint(max_entries, 4);
} pairs SEC(".maps");

struct {
	__uint(type, PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 2);
} counters SEC(".maps");

/* Sizes, not types: clang 14 forgets the types of inner maps. */
struct trie {
	__uint(type, LPM);
	__uint(key_size, 8);
	__uint(value_size, 4);
	__uint(max_entries, 64);
	__uint(map_flags, 1);
};

struct {
	__uint(type, HASH_OF_MAPS);
	__type(key, __u32);
	__uint(max_entries, 16);
	__array(values, struct trie);
} tables SEC(".maps");

struct {
	__uint(type, RING);
	__uint(max_entries, 1 << 16);
} events SEC(".maps");

struct event {
	__u64 sequence;
	__u64 twice;
};

static __u64 sequence;

SEC("tc")
int answers(struct __sk_buff *skb)
{
	skb->mark = answer;
	return answer + address[15];
}

SEC("tc")
int drops(struct __sk_buff *skb)
{
	return 2;
}

SEC("tc")
int emits(struct __sk_buff *skb)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	__u64 next = __sync_fetch_and_add(&sequence, 1);

	if (!event)
		return 1;
	event->sequence = next;
	event->twice = 2 * next;
	if (next % 3 == 2)
		bpf_ringbuf_discard(event, 0);
	else
		bpf_ringbuf_submit(event, 0);
	return 0;
}

SEC("tc")
int counts(struct __sk_buff *skb)
{
	__u32 key = 1;
	__u64 *count = bpf_map_lookup_elem(&counters, &key);
	struct pair *pair = bpf_map_lookup_elem(&pairs, &key);
	void *table = bpf_map_lookup_elem(&tables, &key);

	if (count)
		*count += 1;
	return (pair ? pair->second : 0) + (table ? 100 : 0);
}

char LICENSE[] SEC("license") = "Apache-2.0";
