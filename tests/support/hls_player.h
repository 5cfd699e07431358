/* What a player does with what it gets: it reads playlists, queues segments, and notes which of them came in time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { QUEUE = 32, URI = 256, START_FROM_END = 3 };

struct segment { char uri[URI], init[URI]; double ms, captured; };

/* What a player knows and has. */
struct player {
  char playlist[URI], init[URI];
  long next; /* Media sequence number of the next segment; -1: not yet known. */
  struct segment queue[QUEUE];
  int queued;
  double target;
  double runs_dry; /* When what has arrived is played; 0: not playing. */
  double behind;
  long in_time, late, missed;
};

/* Resolves a playlist's URI. Another edge has the same paths. */
static void resolve(char *result, const char *base, const char *uri, int length) {
  const char *slashes = memmem(uri, length, "://", 3);
  if (slashes) {
    const char *path_at = memchr(slashes + 3, '/', uri + length - slashes - 3);
    if (!path_at) path_at = uri + length;
    length -= path_at - uri;
    uri = path_at;
  }
  int folder = *uri == '/' ? 0 : (int)(strrchr(base, '/') - base + 1);
  snprintf(result, URI, "%.*s%.*s", folder, base, length, uri);
}

/* Finds the media playlist; returns whether there is one. */
static int read_multivariant(struct player *p, const char *text, const char *path, int wants_high) {
  long best = -1;
  for (const char *line = text; line && *line; line = strchr(line, '\n'), line += line != NULL) {
    const char *bandwidth = strstr(line, "BANDWIDTH="), *end = strchr(line, '\n');
    if (strncmp(line, "#EXT-X-STREAM-INF", 17) || !bandwidth || !end) continue;
    if (bandwidth[-1] == '-') bandwidth = strstr(bandwidth + 1, "BANDWIDTH=");
    if (!bandwidth) continue;
    long bits = atol(bandwidth + 10);
    if (best >= 0 && (wants_high ? bits < best : bits > best)) continue;
    best = bits;
    resolve(p->playlist, path, end + 1, strcspn(end + 1, "\r\n"));
  }
  return best >= 0;
}

static double parse_date(const char *text) {
  struct tm tm = { 0 };
  char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
  return rest ? timegm(&tm) * 1e3 + (*rest == '.' ? atof(rest) * 1e3 : 0) : 0;
}

static double wall_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

/* Queues the segments that are new; returns whether there are any. */
static int read_playlist(struct player *p, const char *text) {
  long sequence = 0, first = -1;
  char init[URI] = "";
  double ms = 0, captured = 0;
  struct segment found[QUEUE];
  int count = 0;
  for (const char *line = text; line && *line; line = strchr(line, '\n'), line += line != NULL) {
    int length = strcspn(line, "\r\n");
    if (!strncmp(line, "#EXT-X-TARGETDURATION:", 22)) p->target = atof(line + 22) * 1e3;
    else if (!strncmp(line, "#EXT-X-MEDIA-SEQUENCE:", 22)) sequence = first = atol(line + 22);
    else if (!strncmp(line, "#EXT-X-PROGRAM-DATE-TIME:", 25)) captured = parse_date(line + 25);
    else if (!strncmp(line, "#EXT-X-MAP:URI=\"", 16)) resolve(init, p->playlist, line + 16, strcspn(line + 16, "\""));
    else if (!strncmp(line, "#EXTINF:", 8)) ms = atof(line + 8) * 1e3;
    else if (length && *line != '#') {
      if (count == QUEUE) memmove(found, found + 1, sizeof found[0] * --count), first++;
      struct segment *s = &found[count++];
      resolve(s->uri, p->playlist, line, length);
      strcpy(s->init, init);
      s->ms = ms;
      s->captured = captured;
      captured = captured ? captured + ms : 0;
      sequence++;
    }
  }
  if (first < 0 || !count) return 0;
  if (p->next < 0) p->next = count > START_FROM_END ? sequence - START_FROM_END : first;
  if (p->next < first) p->missed += first - p->next, p->next = first;
  int is_new = 0;
  for (; p->next < sequence && p->queued < QUEUE; p->next++, is_new = 1) p->queue[p->queued++] = found[p->next - first];
  return is_new;
}

static void play(struct player *p, double now) {
  struct segment *s = &p->queue[0];
  if (!p->runs_dry) {
    p->runs_dry = now;
    if (s->captured) p->behind = wall_ms() - s->captured;
  }
  if (now > p->runs_dry) p->late++, p->runs_dry = now;
  else p->in_time++;
  p->runs_dry += s->ms;
}

static void drop_first(struct player *p) { memmove(p->queue, p->queue + 1, sizeof p->queue[0] * --p->queued); }
