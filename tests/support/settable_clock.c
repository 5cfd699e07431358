// A settable clock: an LD_PRELOAD library that adds the number of seconds in a file to the wall time.
// The file has eight bytes in the machine's byte order. Monotonic clocks stay unchanged.
//
//   CLOCK_OFFSET  path of that file, which must exist from the start
//
// Build: cc -O2 -shared -fPIC -o settable_clock.so settable_clock.c -ldl
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int64_t offset(void) {
	static volatile int64_t *shared;
	if (!shared) {
		static int64_t none = 0;
		const char *path = getenv("CLOCK_OFFSET");
		int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
		void *mapped = fd < 0 ? MAP_FAILED : mmap(NULL, 8, PROT_READ, MAP_SHARED, fd, 0);
		if (fd >= 0) close(fd);
		shared = mapped == MAP_FAILED ? &none : mapped;
	}
	return *shared;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
	static int (*real)(clockid_t, struct timespec *);
	if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
	int result = real(clock, time);
	if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) time->tv_sec += offset();
	return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
	static int (*real)(struct timeval *, void *);
	if (!real) real = dlsym(RTLD_NEXT, "gettimeofday");
	int result = real(time, zone);
	if (time) time->tv_sec += offset();
	return result;
}

time_t time(time_t *out) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	if (out) *out = now.tv_sec;
	return now.tv_sec;
}
