/* A program that every verifier refuses: it reads outside of its stack. */
#include "types.h"
#include <bpf/bpf_helpers.h>

SEC("tc")
int reads_outside(void *ctx)
{
	return *(volatile int *)(ctx + 4096);
}

char LICENSE[] SEC("license") = "Apache-2.0";
