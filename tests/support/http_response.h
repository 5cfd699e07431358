/* A response of HTTP/1.1 as it arrives: its status, and its body, chunked or with a length. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TEXT_MAX 65536

struct response {
  char head[4096];
  int head_length;
  int status; /* 0 until the head is whole. */
  int is_chunked, is_closing;
  long left;  /* Bytes of the body, or of its chunk, yet to come; -1 before a chunk's size. */
  int is_done;
  char line[32]; /* A chunk's size as it arrives. */
  int line_length, is_last;
  long bytes;
  char *text; /* Where to keep the body; NULL: nowhere. */
  int text_length;
};

static void response_begin(struct response *r, char *text) {
  memset(r, 0, sizeof *r);
  r->text = text;
}

static const char *header_of(struct response *r, const char *name) {
  size_t length = strlen(name);
  for (char *at = strstr(r->head, "\r\n"); at; at = strstr(at, "\r\n")) {
    at += 2;
    if (!strncasecmp(at, name, length) && at[length] == ':') return at + length + 1 + (at[length + 1] == ' ');
  }
  return NULL;
}

static void response_body(struct response *r, const char *bytes, int n) {
  r->bytes += n;
  if (!r->text || r->text_length + n >= TEXT_MAX) return;
  memcpy(r->text + r->text_length, bytes, n);
  r->text[r->text_length += n] = 0;
}

/* Takes bytes; returns 0 unless they are no response. */
static int response_take(struct response *r, const char *bytes, int n) {
  int i = 0;
  while (i < n && !r->is_done) {
    if (!r->status) {
      if (r->head_length >= (int)sizeof r->head - 1) return -1;
      r->head[r->head_length++] = bytes[i++];
      r->head[r->head_length] = 0;
      if (r->head_length < 4 || memcmp(r->head + r->head_length - 4, "\r\n\r\n", 4)) continue;
      if (strncmp(r->head, "HTTP/1.1 ", 9)) return -1;
      r->status = atoi(r->head + 9);
      const char *coding = header_of(r, "transfer-encoding"), *length = header_of(r, "content-length");
      const char *connection = header_of(r, "connection");
      r->is_closing = connection && !strncasecmp(connection, "close", 5);
      r->is_chunked = coding && !strncasecmp(coding, "chunked", 7);
      if (!r->is_chunked && !length && r->status != 204 && r->status != 304) return -1;
      r->left = r->is_chunked ? -1 : length ? atol(length) : 0;
      r->is_done = r->left == 0;
    } else if (r->left < 0) {
      char c = bytes[i++];
      if (c != '\n') {
        if (r->line_length >= (int)sizeof r->line - 1) return -1;
        if (c != '\r') r->line[r->line_length++] = c;
      } else if (r->line_length || r->is_last) {
        r->line[r->line_length] = 0;
        r->line_length = 0;
        if (r->is_last) r->is_done = 1;
        else if ((r->left = strtol(r->line, NULL, 16)) == 0) r->is_last = 1, r->left = -1;
      }
    } else {
      int take = n - i < r->left ? n - i : (int)r->left;
      response_body(r, bytes + i, take);
      i += take;
      if ((r->left -= take) == 0) {
        if (r->is_chunked) r->left = -1;
        else r->is_done = 1;
      }
    }
  }
  return 0;
}
