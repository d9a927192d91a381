// Traffic over sockets, as small as can be. The server: TCP echo of single bytes on PORT, a TCP sink
// on PORT + 1, and UDP on PORT, where a datagram that begins with 1 is answered. The client:
//   rr      one connection, 1 byte each way             prints nanoseconds, median of all
//   crr     connect, 1 byte each way, close             the same
//   stream  one connection, as much as goes in          prints bytes in a second
//   udp     datagrams of 32 bytes, in bursts of 64      prints datagrams in a second
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

enum { MOST_SAMPLES = 4 * 1000 * 1000, CHUNK = 256 * 1024, DATAGRAM = 32, BURST = 64 };
enum role { ECHO_LISTENER, SINK_LISTENER, ECHO, SINK, DATAGRAMS };

static char chunk[CHUNK];

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

static int bind_to(int type, uint16_t port) {
  int one = 1, zero = 0;
  int fd = socket(AF_INET6, type, 0);
  struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
  if (fd < 0) die("socket");
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof zero);
  if (bind(fd, (struct sockaddr *)&address, sizeof address)) die("bind");
  if (type == SOCK_STREAM && listen(fd, 1024)) die("listen");
  return fd;
}

static void watch(int poll, int fd, enum role role) {
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = (uint64_t)role << 32 | (uint32_t)fd};
  if (epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event)) die("epoll");
}

static void answer_datagram(int fd) {
  struct sockaddr_in6 from;
  socklen_t length = sizeof from;
  char bytes[DATAGRAM];
  ssize_t size = recvfrom(fd, bytes, sizeof bytes, MSG_DONTWAIT, (struct sockaddr *)&from, &length);
  while (size > 0) {
    if (bytes[0] == 1) sendto(fd, bytes, 1, 0, (struct sockaddr *)&from, length);
    length = sizeof from;
    size = recvfrom(fd, bytes, sizeof bytes, MSG_DONTWAIT, (struct sockaddr *)&from, &length);
  }
}

static void handle(int poll, int fd, enum role role) {
  char byte;
  if (role == ECHO_LISTENER || role == SINK_LISTENER) {
    int accepted = accept(fd, NULL, NULL);
    if (accepted < 0) return;
    no_delay(accepted);
    watch(poll, accepted, role == ECHO_LISTENER ? ECHO : SINK);
  } else if (role == ECHO) {
    if (read(fd, &byte, 1) != 1 || write(fd, &byte, 1) != 1) close(fd);
  } else if (role == SINK) {
    if (read(fd, chunk, CHUNK) <= 0) close(fd);
  } else {
    answer_datagram(fd);
  }
}

static void serve(uint16_t port) {
  struct epoll_event events[64];
  int poll = epoll_create1(0);
  if (poll < 0) die("epoll");
  watch(poll, bind_to(SOCK_STREAM, port), ECHO_LISTENER);
  watch(poll, bind_to(SOCK_STREAM, (uint16_t)(port + 1)), SINK_LISTENER);
  watch(poll, bind_to(SOCK_DGRAM, port), DATAGRAMS);
  for (;;) {
    int count = epoll_wait(poll, events, 64, -1);
    for (int i = 0; i < count; i++) {
      handle(poll, (int)(uint32_t)events[i].data.u64, (enum role)(events[i].data.u64 >> 32));
    }
  }
}

// Sends as fast as the path takes it. BBR, which systems may have as their default, sends at a rate that
// it guesses, here about half of that, and guesses anew for each connection; Reno is in every kernel.
static void unpaced(int fd) {
  if (setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "reno", 4)) die("congestion control");
}

static int connect_to(const struct addrinfo *to, int type, int is_stream) {
  int fd = socket(to->ai_family, type, 0);
  if (fd < 0) die("socket");
  if (is_stream) unpaced(fd);
  if (connect(fd, to->ai_addr, to->ai_addrlen)) die("connect");
  if (type == SOCK_STREAM) no_delay(fd);
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

static double ask(const struct addrinfo *to, int reconnect, uint64_t nanos) {
  uint32_t *samples = malloc(MOST_SAMPLES * sizeof *samples);
  size_t count = 0;
  int fd = reconnect ? -1 : connect_to(to, SOCK_STREAM, 0);
  uint64_t end = now() + nanos;
  if (!samples) die("malloc");
  for (uint64_t start = now(); start < end && count < MOST_SAMPLES;) {
    if (reconnect) fd = connect_to(to, SOCK_STREAM, 0);
    exchange(fd);
    if (reconnect) close(fd);
    uint64_t stop = now();
    samples[count++] = (uint32_t)(stop - start);
    start = stop;
  }
  qsort(samples, count, sizeof *samples, ascending);
  return samples[count / 2];
}

// To the sink; ends when it has read all: what is in buffers counts with its time.
static double stream(const struct addrinfo *to, uint64_t nanos) {
  // the port is at the same place in both families' addresses
  struct sockaddr_in *address = (struct sockaddr_in *)to->ai_addr;
  address->sin_port = htons((uint16_t)(ntohs(address->sin_port) + 1));
  int fd = connect_to(to, SOCK_STREAM, 1);
  uint64_t start = now(), bytes = 0;
  while (now() < start + nanos) {
    ssize_t size = write(fd, chunk, CHUNK);
    if (size < 0) die("write");
    bytes += (uint64_t)size;
  }
  shutdown(fd, SHUT_WR);
  if (read(fd, chunk, 1) < 0) die("end");
  return (double)bytes * 1e9 / (double)(now() - start);
}

// The last datagram of a burst is answered, so that no more are under way than fit in a queue.
static double datagrams(const struct addrinfo *to, uint64_t nanos) {
  struct timeval patience = {.tv_usec = 200000};
  char bytes[DATAGRAM] = {0};
  int fd = connect_to(to, SOCK_DGRAM, 0);
  uint64_t start = now(), count = 0;
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  while (now() < start + nanos) {
    for (int i = 1; i <= BURST; i++) {
      bytes[0] = i == BURST;
      if (send(fd, bytes, sizeof bytes, 0) < 0) die("send");
    }
    if (recv(fd, bytes, 1, 0) != 1) die("no answer to a burst");
    count += BURST;
  }
  return (double)count * 1e9 / (double)(now() - start);
}

int main(int argc, char **argv) {
  if (argc == 3 && !strcmp(argv[1], "serve")) serve((uint16_t)atoi(argv[2]));
  if (argc == 5) {
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM}, *to;
    uint64_t nanos = strtoull(argv[4], NULL, 10) * 1000000u;
    double value = -1;
    if (getaddrinfo(argv[2], argv[3], &hints, &to)) die("address");
    if (!strcmp(argv[1], "rr")) value = ask(to, 0, nanos);
    if (!strcmp(argv[1], "crr")) value = ask(to, 1, nanos);
    if (!strcmp(argv[1], "stream")) value = stream(to, nanos);
    if (!strcmp(argv[1], "udp")) value = datagrams(to, nanos);
    if (value >= 0) {
      printf("%.0f\n", value);
      return 0;
    }
  }
  fprintf(stderr, "usage: rr serve PORT | rr rr|crr|stream|udp ADDRESS PORT MILLIS\n");
  return 2;
}
