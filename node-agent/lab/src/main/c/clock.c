// Between a process and the clock of day: adds the seconds that a file holds (8 bytes, SEKISHO_CLOCK
// names it), as if somebody had set the machine's clock. The monotonic clock goes on as it is. Loaded
// by LD_PRELOAD into agents of a lab with fake clocks.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

typedef int (*read_clock)(clockid_t, struct timespec *);
typedef int (*wait_until)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);

// Moments of the clock of day are later than this since 2001; a monotonic clock comes there after 31 years.
#define DAY 1000000000

static const volatile int64_t none;
static const volatile int64_t *offset = &none;
static read_clock machine;
static wait_until waits;

__attribute__((constructor)) static void start(void) {
  const char *name = getenv("SEKISHO_CLOCK");
  int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
  machine = (read_clock)dlsym(RTLD_NEXT, "clock_gettime");
  if (file < 0) return;
  void *page = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
  if (page != MAP_FAILED) offset = page;
  close(file);
}

int clock_gettime(clockid_t id, struct timespec *now) {
  if (!machine) machine = (read_clock)dlsym(RTLD_NEXT, "clock_gettime");
  int result = machine(id, now);
  if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) now->tv_sec += *offset;
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec exact;
  (void)zone;
  if (clock_gettime(CLOCK_REALTIME, &exact)) return -1;
  now->tv_sec = exact.tv_sec;
  now->tv_usec = exact.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *to) {
  struct timespec exact;
  clock_gettime(CLOCK_REALTIME, &exact);
  if (to) *to = exact.tv_sec;
  return exact.tv_sec;
}

// Who waits until a time of day means the one that we say: else idle threads of a JVM, which look at
// the clock when they wake, would wake at once, and again and again.
int pthread_cond_timedwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict until) {
  struct timespec real = *until;
  // by its name alone it would be that of LinuxThreads
  if (!waits) waits = (wait_until)dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
  if (real.tv_sec > DAY) real.tv_sec -= *offset;
  return waits(cond, mutex, &real);
}
