/* Many players of HLS in one process. Each does what hls.js does: it loads the multivariant playlist once, its media
 * playlist once in a target duration, and every segment in order, from three segments before the end on. It plays from
 * its first segment's arrival on; a segment that arrives after the one before has ended is late, and the player waits for
 * it. If an edge fails or is silent for TIMEOUT ms, the player goes on with the next one, as content steering says.
 *
 *   hls_load PATH CLIENTS SECONDS low|high TIMEOUT ADDRESS:PORT...
 *
 * Prints one line of JSON. Ends by itself. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "hls_player.h"
#include "http_response.h"

enum { MAX_CLIENTS = 10000, MAX_SECONDS = 600, MAX_EDGES = 16, RAMP_MS = 4000, PAUSE_MS = 100 };
enum kind { MULTIVARIANT, PLAYLIST, INIT, SEGMENT };

struct client {
  int fd, edge, is_connecting, is_asking;
  enum kind kind;
  double asked, next_poll, last_good, silence;
  double pause_until; /* After a failure. */
  char *text;
  struct response response;
  struct player player;
  long failed, switches;
};

static struct client *clients;
static struct sockaddr_in edges[MAX_EDGES];
static int edge_count, client_count, poller, wants_high;
static const char *path;
static double timeout_ms;
static long requests[4], bytes, edge_requests[MAX_EDGES];
static double *waits[4];
static long wait_count[4], wait_room;

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void hang_up(struct client *c) {
  if (c->fd >= 0) close(c->fd);
  c->fd = -1;
  c->is_connecting = 0;
}

/* Goes on with another edge; what was asked is asked again. */
static void fail(struct client *c) {
  hang_up(c);
  c->is_asking = 0;
  c->failed++;
  c->switches++;
  c->pause_until = now_ms() + PAUSE_MS;
  c->edge = (c->edge + 1) % edge_count;
}

static void connect_to_edge(struct client *c) {
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  int one = 1;
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  struct epoll_event event = { EPOLLIN | EPOLLOUT | EPOLLET, { .ptr = c } };
  epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &event);
  c->is_connecting = 1;
  if (connect(c->fd, (struct sockaddr *)&edges[c->edge], sizeof edges[0]) && errno != EINPROGRESS) fail(c);
}

static const char *asked_uri(struct client *c) {
  switch (c->kind) {
    case MULTIVARIANT: return path;
    case PLAYLIST: return c->player.playlist;
    case INIT: return c->player.queue[0].init;
    default: return c->player.queue[0].uri;
  }
}

static void send_request(struct client *c) {
  char request[URI + 128], name[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, &edges[c->edge].sin_addr, name, sizeof name);
  int length = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", asked_uri(c), name);
  response_begin(&c->response, c->kind <= PLAYLIST ? c->text : NULL);
  if (send(c->fd, request, length, MSG_NOSIGNAL) != length) fail(c);
}

static void ask(struct client *c, enum kind kind) {
  c->kind = kind;
  c->is_asking = 1;
  c->asked = now_ms();
  requests[kind]++;
  edge_requests[c->edge]++;
  if (c->fd < 0) connect_to_edge(c);
  else send_request(c);
}

static void answered(struct client *c) {
  struct player *p = &c->player;
  double now = now_ms();
  int status = c->response.status;
  c->is_asking = 0;
  bytes += c->response.bytes;
  if (c->response.is_closing) hang_up(c);
  if (c->kind == PLAYLIST) c->next_poll = c->asked + (p->target ? p->target : 1000);
  if (status == 404 && c->kind == SEGMENT) {
    p->missed++;
    drop_first(p);
  } else if (status != 200) {
    fail(c);
  } else {
    if (wait_count[c->kind] < wait_room) waits[c->kind][wait_count[c->kind]++] = now - c->asked;
    if (c->last_good && now - c->last_good > c->silence) c->silence = now - c->last_good;
    c->last_good = now;
    if (c->kind == MULTIVARIANT) {
      if (!read_multivariant(p, c->text, path, wants_high)) c->failed++, c->next_poll = now + PAUSE_MS;
    } else if (c->kind == INIT) strcpy(p->init, p->queue[0].init);
    else if (c->kind == SEGMENT) play(p, now), drop_first(p);
    /* As hls.js: sooner where nothing is new. */
    else if (!read_playlist(p, c->text)) c->next_poll = c->asked + p->target / 2;
  }
}

static void readable(struct client *c) {
  static char buffer[1 << 18];
  for (;;) {
    if (!c->is_asking || c->fd < 0) return;
    /* A segment's content is thrown away in the kernel. */
    int is_bulk = c->kind == SEGMENT && c->response.status && !c->response.is_chunked && c->response.left > 0;
    long room = is_bulk && c->response.left < (long)sizeof buffer ? c->response.left : (long)sizeof buffer;
    ssize_t n = recv(c->fd, buffer, room, is_bulk ? MSG_TRUNC : 0);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0 || response_take(&c->response, buffer, n)) return fail(c);
    if (c->response.is_done) return answered(c);
  }
}

static void step(struct client *c, double now) {
  if (c->is_asking && now - c->asked > timeout_ms) fail(c);
  if (c->is_asking || now < c->pause_until) return;
  if (!*c->player.playlist) {
    if (now >= c->next_poll) ask(c, MULTIVARIANT);
  } else if (now >= c->next_poll) ask(c, PLAYLIST);
  else if (c->player.queued) ask(c, strcmp(c->player.queue[0].init, c->player.init) ? INIT : SEGMENT);
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double quantile(double *values, long count, double part) {
  qsort(values, count, sizeof *values, by_size);
  return count ? values[(long)((count - 1) * part)] : -1;
}

static void report(double seconds) {
  long in_time = 0, late = 0, missed = 0, failed = 0, switched = 0, playing = 0, good = 0;
  double worst = 1, silence = 0, *behind = malloc(sizeof *behind * client_count);
  for (int i = 0; i < client_count; i++) {
    struct client *c = &clients[i];
    struct player *p = &c->player;
    long all = p->in_time + p->late + p->missed;
    double share = all ? (double)p->in_time / all : 0;
    in_time += p->in_time, late += p->late, missed += p->missed, failed += c->failed, switched += c->switches > 0;
    good += share >= .99;
    if (share < worst) worst = share;
    if (c->silence > silence) silence = c->silence;
    if (p->runs_dry) behind[playing++] = p->behind;
  }
  printf("{\"clients\":%d,\"playing\":%ld,\"good\":%ld,\"worst\":%.4f,\"inTime\":%ld,\"late\":%ld,\"missed\":%ld,"
    "\"failed\":%ld,\"switched\":%ld,\"silence\":%.0f,\"bytes\":%ld,\"seconds\":%.1f,\"behind\":%.0f,\"behindMost\":%.0f",
    client_count, playing, good, worst, in_time, late, missed, failed, switched, silence, bytes, seconds,
    quantile(behind, playing, .5), quantile(behind, playing, 1));
  const char *names[] = { "multivariant", "playlist", "init", "segment" };
  for (int kind = 0; kind < 4; kind++) {
    double *w = waits[kind];
    long n = wait_count[kind];
    printf(",\"%s\":{\"requests\":%ld,\"median\":%.1f,\"p99\":%.1f,\"most\":%.1f}", names[kind], requests[kind],
      quantile(w, n, .5), quantile(w, n, .99), quantile(w, n, 1));
  }
  printf(",\"edges\":[");
  for (int i = 0; i < edge_count; i++) printf("%s%ld", i ? "," : "", edge_requests[i]);
  printf("]}\n");
}

int main(int argc, char **argv) {
  if (argc < 7) return 2;
  path = argv[1];
  client_count = atoi(argv[2]);
  double seconds = atof(argv[3]);
  wants_high = !strcmp(argv[4], "high");
  timeout_ms = atof(argv[5]);
  edge_count = argc - 6;
  if (client_count < 1 || client_count > MAX_CLIENTS || seconds > MAX_SECONDS || edge_count > MAX_EDGES) return 2;
  for (int i = 0; i < edge_count; i++) {
    char *colon = strchr(argv[6 + i], ':');
    if (!colon) return 2;
    *colon = 0;
    edges[i] = (struct sockaddr_in) { .sin_family = AF_INET, .sin_port = htons(atoi(colon + 1)) };
    inet_pton(AF_INET, argv[6 + i], &edges[i].sin_addr);
  }
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  signal(SIGPIPE, SIG_IGN);
  alarm(seconds + 30);
  poller = epoll_create1(0);
  clients = calloc(client_count, sizeof *clients);
  wait_room = client_count * (long)(seconds + 10) * 3;
  for (int kind = 0; kind < 4; kind++) waits[kind] = malloc(sizeof(double) * wait_room);
  double began = now_ms(), end = began + seconds * 1e3;
  for (int i = 0; i < client_count; i++) {
    /* Spread over time, and each in its own part of a second. */
    clients[i] = (struct client) {
      .fd = -1, .player.next = -1, .edge = i % edge_count, .text = malloc(TEXT_MAX),
      .next_poll = began + (double)RAMP_MS * i / client_count,
    };
    clients[i].text[0] = 0;
  }
  static struct epoll_event events[1024];
  for (double now = began, swept = 0; now < end; now = now_ms()) {
    int n = epoll_wait(poller, events, 1024, 5);
    for (int i = 0; i < n; i++) {
      struct client *c = events[i].data.ptr;
      if (c->fd < 0) continue;
      if (c->is_connecting && events[i].events & (EPOLLERR | EPOLLHUP)) fail(c);
      else if (c->is_connecting && events[i].events & EPOLLOUT) c->is_connecting = 0, send_request(c);
      if (c->fd >= 0 && !c->is_connecting && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
        if (c->is_asking) readable(c);
        else hang_up(c); /* A server that ends an idle connection. */
      }
      step(c, now_ms());
    }
    if ((now = now_ms()) - swept < 5) continue;
    swept = now;
    for (int i = 0; i < client_count; i++) step(&clients[i], now);
  }
  report((now_ms() - began) / 1e3);
}
