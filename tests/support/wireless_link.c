/*
 * A link between this machine and a network namespace that it makes, with what Wi-Fi and long paths have and a cable has
 * not: distance, jitter, bursts of loss, a bounded queue, a rate that changes. Two TUN devices with this program between
 * them, so it needs root and iproute2, but no kernel module such as netem. Runs until its standard input ends.
 *
 *   wireless_link NAME SUBNET [rate=20mbit[,3mbit@10]...] [delay=5] [jitter=0] [loss=0] [burst=1] [queue=100] [far=0] [cc=cubic]
 *
 * The namespace NAME is SUBNET.2, this machine is SUBNET.1 and SUBNET.4. Prints "ready" when it is up.
 *   rate    of the way there; `3mbit@10` holds from the tenth second on. The way back has ten times as much
 *   delay   milliseconds each way; jitter is added to it, evenly distributed; packets stay in order
 *   far     milliseconds more, each way, to SUBNET.4: two distances behind one bottleneck
 *   loss    percent of the packets there, `burst` of them in a row
 *   queue   packets that wait at most; more are dropped
 *   cc      congestion control of connections over it
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { MTU = 1500, RING = 16384, RATES = 16, AT_ONCE = 64, LONGEST_COMMAND = 800 };

typedef struct {
  double due;
  int length;
  unsigned char data[MTU];
} packet;

/* What is under way to or from one address of this machine. Each has its own, as the farther one's packets must not hold up the other's. */
typedef struct {
  packet *ring;
  int first, count;
  double delay, last_due;
} lane;

typedef struct {
  lane lanes[2];
  int queue;
  double free_at, jitter, loss;
  int burst, to_lose;
} direction;

static struct { double rate, from; } rates[RATES];
static int rate_count;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static double uniform(void) {
  return rand() / (RAND_MAX + 1.0);
}

/* `ip netns exec` and `ip -n` also change mounts, which they cannot in a chroot. */
static void run(const char *name, const char *subnet, const char *congestion) {
  char command[LONGEST_COMMAND];
  snprintf(command, sizeof command,
    "set -e; in='nsenter --net=/run/netns/%1$s'; ip netns add %1$s; ip link set %1$sb netns %1$s; ip addr add %2$s.1 peer %2$s.2 dev %1$sa;"
    "ip addr add %2$s.4/32 dev %1$sa; ip link set %1$sa up mtu %3$d;"
    "ip route replace %2$s.2 dev %1$sa src %2$s.1 congctl %4$s;"
    "$in ip addr add %2$s.2 peer %2$s.1 dev %1$sb; $in ip link set %1$sb up mtu %3$d;"
    "$in ip route add %2$s.4 dev %1$sb; $in ip link set lo up",
    name, subnet, MTU, congestion);
  if (system(command) != 0) exit(1);
}

static int open_tun(const char *name, char side) {
  struct ifreq request = {0};
  int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  snprintf(request.ifr_name, IFNAMSIZ, "%s%c", name, side);
  if (fd < 0 || ioctl(fd, TUNSETIFF, &request) < 0) {
    perror("/dev/net/tun");
    exit(1);
  }
  return fd;
}

static double rate_at(double seconds) {
  double rate = rates[0].rate;
  for (int i = 1; i < rate_count; i++) if (seconds >= rates[i].from) rate = rates[i].rate;
  return rate;
}

/* How many packets have not begun to be sent. Those under way do not fill the queue. */
static int waiting(const direction *d, double t, double rate) {
  return d->free_at > t ? (int)((d->free_at - t) * rate / 8 / MTU) : 0;
}

static void take(direction *d, const unsigned char *data, int length, int far, double rate) {
  double t = now();
  lane *l = &d->lanes[far];
  if (d->to_lose > 0) {
    d->to_lose--;
    return;
  }
  if (uniform() * 100 < d->loss / d->burst) {
    d->to_lose = d->burst - 1;
    return;
  }
  if (waiting(d, t, rate) >= d->queue || l->count >= RING) return;
  d->free_at = (d->free_at > t ? d->free_at : t) + length * 8 / rate;
  double due = d->free_at + l->delay + d->jitter * uniform();
  if (due < l->last_due) due = l->last_due;
  packet *p = &l->ring[(l->first + l->count++) % RING];
  p->due = l->last_due = due;
  p->length = length;
  memcpy(p->data, data, length);
}

static void give(direction *d, int fd) {
  for (int i = 0; i < 2; i++) {
    lane *l = &d->lanes[i];
    while (l->count > 0 && l->ring[l->first].due <= now()) {
      packet *p = &l->ring[l->first];
      if (write(fd, p->data, p->length) < 0 && errno == EAGAIN) return;
      l->first = (l->first + 1) % RING;
      l->count--;
    }
  }
}

static double next_due(const direction *d, double soonest) {
  for (int i = 0; i < 2; i++) {
    const lane *l = &d->lanes[i];
    if (l->count > 0 && l->ring[l->first].due < soonest) soonest = l->ring[l->first].due;
  }
  return soonest;
}

static double parse_rate(const char *text) {
  char *end;
  double value = strtod(text, &end);
  return value * (strncmp(end, "mbit", 4) == 0 ? 1e6 : strncmp(end, "kbit", 4) == 0 ? 1e3 : 1);
}

static void parse_rates(char *text) {
  for (char *one = strtok(text, ","); one && rate_count < RATES; one = strtok(NULL, ",")) {
    const char *at = strchr(one, '@');
    rates[rate_count].rate = parse_rate(one);
    rates[rate_count++].from = at ? atof(at + 1) : 0;
  }
}

int main(int argc, char **argv) {
  static char usual[] = "20mbit";
  char *rate_text = usual;
  const char *congestion = "cubic";
  double delay = 5, far = 0;
  direction there = {.queue = 100, .burst = 1}, back = {.queue = RING, .burst = 1};
  if (argc < 3) return 2;
  for (int i = 3; i < argc; i++) {
    char *value = strchr(argv[i], '=');
    if (!value) return 2;
    *value++ = 0;
    if (!strcmp(argv[i], "rate")) rate_text = value;
    else if (!strcmp(argv[i], "delay")) delay = atof(value);
    else if (!strcmp(argv[i], "jitter")) there.jitter = back.jitter = atof(value) / 1e3;
    else if (!strcmp(argv[i], "loss")) there.loss = atof(value);
    else if (!strcmp(argv[i], "burst")) there.burst = atoi(value);
    else if (!strcmp(argv[i], "queue")) there.queue = atoi(value);
    else if (!strcmp(argv[i], "far")) far = atof(value);
    else if (!strcmp(argv[i], "cc")) congestion = value;
    else return 2;
  }
  parse_rates(rate_text);
  direction *both[] = {&there, &back};
  for (int i = 0; i < 2; i++) {
    for (int j = 0; j < 2; j++) {
      both[i]->lanes[j].ring = malloc(sizeof(packet) * RING);
      both[i]->lanes[j].delay = (delay + j * far) / 1e3;
    }
  }
  int here = open_tun(argv[1], 'a'), inside = open_tun(argv[1], 'b');
  run(argv[1], argv[2], congestion);
  printf("ready\n");
  fflush(stdout);
  double began = now();
  unsigned char data[MTU];
  for (;;) {
    give(&there, inside);
    give(&back, here);
    double wait = next_due(&there, next_due(&back, now() + .1)) - now();
    struct pollfd ends[] = {{here, POLLIN, 0}, {inside, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
    struct timespec t = {0, wait > 0 ? (long)(wait * 1e9) : 0};
    ppoll(ends, 3, &t, NULL);
    if (ends[2].revents && read(STDIN_FILENO, data, 1) <= 0) return 0;
    double rate = rate_at(now() - began), up = rate_at(0) * 10;
    int length;
    /* The last byte of an IPv4 packet's source, and of its destination. */
    for (int i = 0; i < AT_ONCE && (length = read(here, data, sizeof data)) > 0; i++) take(&there, data, length, data[15] == 4, rate);
    for (int i = 0; i < AT_ONCE && (length = read(inside, data, sizeof data)) > 0; i++) take(&back, data, length, data[19] == 4, up);
  }
}
