// Sends frames as they are: `sekisho-send INTERFACE`, frames on standard input, each behind its length
// (two bytes, the high one first). Tests forge packets with it.
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
  unsigned char frame[65536], length[2];
  struct sockaddr_ll to = {.sll_family = AF_PACKET};
  int fd = socket(AF_PACKET, SOCK_RAW, 0);
  if (argc != 2 || fd < 0 || !(to.sll_ifindex = (int)if_nametoindex(argv[1]))) {
    fprintf(stderr, "usage: sekisho-send INTERFACE (as root)\n");
    return 2;
  }
  while (fread(length, 1, 2, stdin) == 2) {
    size_t size = (size_t)length[0] << 8 | length[1];
    if (fread(frame, 1, size, stdin) != size) break;
    if (sendto(fd, frame, size, 0, (struct sockaddr *)&to, sizeof to) < 0) {
      fprintf(stderr, "sekisho-send: %s\n", strerror(errno));
      return 1;
    }
  }
  close(fd);
  return 0;
}
