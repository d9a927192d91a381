// First process of a test kernel, in its initial memory file system: loads modules, lays a layer in
// memory over this machine's read-only files, and runs the program that stands behind "--" on the
// kernel's command line. The last line that it prints says how the program ended; then power off.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { ROOT_TRIES = 100, ROOT_PAUSE_US = 20000, NOT_STARTED = 127, SIGNALLED = 128 };

static void complain(const char *what, const char *name) {
  int log = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
  if (log >= 0) dprintf(log, "<3>sekisho-vm: %s %s: %s\n", what, name, strerror(errno));
  if (log >= 0) close(log);
}

static void attach(const char *source, const char *place, const char *type, const char *options) {
  mkdir(place, 0755);
  if (mount(source, place, type, 0, options)) complain("mount", place);
}

// /modules/order names the files, each after those that it needs.
static void load_modules(void) {
  char name[128], path[160];
  FILE *order = fopen("/modules/order", "re");
  while (order && fscanf(order, "%127s", name) == 1) {
    snprintf(path, sizeof path, "/modules/%s", name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (syscall(SYS_finit_module, file, "", 0) && errno != EEXIST) complain("module", name);
    close(file);
  }
  if (order) fclose(order);
}

// The machine's files, read only; the device may come a moment after its driver.
static void attach_machine(void) {
  mkdir("/machine", 0755);
  for (int i = 0; mount("machine", "/machine", "virtiofs", MS_RDONLY, NULL); i++) {
    if (i == ROOT_TRIES) {
      complain("mount", "/machine");
      return;
    }
    usleep(ROOT_PAUSE_US);
  }
}

static void enter_root(void) {
  attach("memory", "/memory", "tmpfs", "size=75%");
  mkdir("/memory/upper", 0755);
  mkdir("/memory/work", 0755);
  attach("root", "/root", "overlay", "lowerdir=/machine,upperdir=/memory/upper,workdir=/memory/work");
  if (chdir("/root") || mount(".", "/", NULL, MS_MOVE, NULL) || chroot(".") || chdir("/")) {
    complain("enter", "/root");
  }
  attach("proc", "/proc", "proc", NULL);
  attach("sys", "/sys", "sysfs", NULL);
  attach("dev", "/dev", "devtmpfs", NULL);
  attach("run", "/run", "tmpfs", NULL);
  attach("cgroup", "/sys/fs/cgroup", "cgroup2", NULL);
  attach("bpf", "/sys/fs/bpf", "bpf", NULL);
}

static void raise_loopback(void) {
  struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (ioctl(fd, SIOCSIFFLAGS, &request)) complain("up", "lo");
  close(fd);
}

static void run(char **words, int console) {
  setsid();
  dup2(open("/dev/null", O_RDONLY), 0);
  dup2(console, 1);
  dup2(console, 2);
  setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
  setenv("HOME", "/root", 1);
  setenv("LANG", "C.UTF-8", 1);
  execv(words[0], words);
  complain("start", words[0]);
  _exit(NOT_STARTED);
}

// The status of one child; all others that end meanwhile are orphans.
static int await(pid_t child) {
  for (;;) {
    int status;
    pid_t ended = wait(&status);
    if (ended == child) return WIFEXITED(status) ? WEXITSTATUS(status) : SIGNALLED + WTERMSIG(status);
    if (ended < 0 && errno == ECHILD) return NOT_STARTED;
  }
}

int main(int argc, char **argv) {
  attach("dev", "/dev", "devtmpfs", NULL);
  load_modules();
  attach_machine();
  enter_root();
  raise_loopback();
  int console = open("/dev/hvc0", O_WRONLY | O_NOCTTY | O_CLOEXEC);
  int status = NOT_STARTED;
  if (argc > 1) {
    pid_t child = fork();
    if (child == 0) run(argv + 1, console);
    status = await(child);
  }
  dprintf(console, "sekisho-vm: status %d\n", status);
  tcdrain(console);
  reboot(RB_POWER_OFF);
  return status;
}
