// Request/response over TCP, as small as can be: `rr serve PORT`, `rr rr|crr ADDRESS PORT MILLIS`.
// rr: one connection, 1 byte each way. crr: connect, 1 byte each way, close. The client prints
// "COUNT P50 P90 P99" with times in nanoseconds.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_SAMPLES = 4 * 1000 * 1000 };

static void die(const char *what) {
  fprintf(stderr, "rr: %s: %s\n", what, strerror(errno));
  exit(1);
}

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void no_delay(int fd) {
  int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static int listen_on(uint16_t port) {
  int one = 1, zero = 0;
  int fd = socket(AF_INET6, SOCK_STREAM, 0);
  struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
  if (fd < 0) die("socket");
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof zero);
  if (bind(fd, (struct sockaddr *)&address, sizeof address)) die("bind");
  if (listen(fd, 1024)) die("listen");
  return fd;
}

static void serve(uint16_t port) {
  int listener = listen_on(port), poll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[64];
  if (poll < 0 || epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event)) die("epoll");
  for (;;) {
    int count = epoll_wait(poll, events, 64, -1);
    for (int i = 0; i < count; i++) {
      int fd = events[i].data.fd;
      char byte;
      if (fd == listener) {
        int accepted = accept(listener, NULL, NULL);
        if (accepted < 0) continue;
        no_delay(accepted);
        event.data.fd = accepted;
        epoll_ctl(poll, EPOLL_CTL_ADD, accepted, &event);
      } else if (read(fd, &byte, 1) != 1 || write(fd, &byte, 1) != 1) {
        close(fd);
      }
    }
  }
}

static int connect_to(const struct addrinfo *to) {
  int fd = socket(to->ai_family, SOCK_STREAM, 0);
  if (fd < 0) die("socket");
  if (connect(fd, to->ai_addr, to->ai_addrlen)) die("connect");
  no_delay(fd);
  return fd;
}

static void exchange(int fd) {
  char byte = 'x';
  if (write(fd, &byte, 1) != 1 || read(fd, &byte, 1) != 1) die("exchange");
}

static int ascending(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

static void ask(const struct addrinfo *to, int reconnect, uint64_t millis) {
  uint32_t *samples = malloc(MOST_SAMPLES * sizeof *samples);
  size_t count = 0;
  int fd = reconnect ? -1 : connect_to(to);
  uint64_t end = now() + millis * 1000000u;
  if (!samples) die("malloc");
  for (uint64_t start = now(); start < end && count < MOST_SAMPLES;) {
    if (reconnect) fd = connect_to(to);
    exchange(fd);
    if (reconnect) close(fd);
    uint64_t stop = now();
    samples[count++] = (uint32_t)(stop - start);
    start = stop;
  }
  qsort(samples, count, sizeof *samples, ascending);
  printf("%zu %u %u %u\n", count, samples[count / 2], samples[count * 9 / 10], samples[count * 99 / 100]);
}

int main(int argc, char **argv) {
  if (argc == 3 && !strcmp(argv[1], "serve")) serve((uint16_t)atoi(argv[2]));
  if (argc == 5 && (!strcmp(argv[1], "rr") || !strcmp(argv[1], "crr"))) {
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM}, *to;
    if (getaddrinfo(argv[2], argv[3], &hints, &to)) die("address");
    ask(to, argv[1][0] == 'c', strtoull(argv[4], NULL, 10));
    return 0;
  }
  fprintf(stderr, "usage: rr serve PORT | rr rr|crr ADDRESS PORT MILLIS\n");
  return 2;
}
