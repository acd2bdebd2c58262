/* What the parts of the load generator share. One thread, one epoll, no object per message.
 *
 *   main.c     options, and the mode they name
 *   modes.c    what is driven and measured: fanout, rooms, idle, storm
 *   client.c   one WebSocket client: connect, handshake, frames in and out
 *   dialect.c  the words a server wants to hear, from a text file
 *   meter.c    the clock, a histogram, what a process has used
 */
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A stamp is "~" and eight digits somewhere in a message's text: its number in this run. */
enum { STAMP_DIGITS = 8, MAX_TEXT = 60000, MAX_STEPS = 16, MAX_HEADERS = 8 };

struct options {
    const char *mode, *dialect, *users;
    int port, pid;
    int clients;      /* how many sockets; in storm those who stay */
    int mute;         /* fanout: the last so many never read */
    int inflight;     /* posts that are not yet at every reader; in rooms per room */
    int active;       /* rooms: how many rooms speak at a time */
    int cut;          /* storm: how many are cut at once */
    int rate;         /* storm: posts per second */
    int text;         /* bytes of a post's text */
    int payload;      /* or: bytes of the whole frame's payload that carries it */
    long posts;       /* fanout: stop after so many, whatever the time */
    double warm_s, seconds;
};

/* dialect.c */

struct step {
    bool expects; /* wait for a frame that holds `words`, else send them */
    char *words;
};

struct dialect {
    char *path, *headers[MAX_HEADERS], *post, *resume, *refusal;
    int header_count, step_count;
    struct step steps[MAX_STEPS];
};

/* What the {names} in a dialect's words stand for. */
struct fill {
    const char *token, *room, *text, *epoch, *run;
    long n, port, client, inbox, inbox_head, seen;
};

struct dialect dialect_read(const char *path);
/* Write `words` with their {names} filled in to `out`, which holds `size` bytes, and return the length. */
size_t dialect_fill(char *out, size_t size, const char *words, const struct fill *fill);

/* client.c */

enum state { CLOSED, CONNECTING, UPGRADING, GREETING, LIVE };

struct client {
    int fd;
    enum state state;
    int step;                 /* of the dialect, while GREETING */
    bool mute, cut, dirty, waits_to_write;
    const char *token, *room; /* from the users file */
    int room_index;           /* clients of one room stand together in the file */
    uint32_t last;            /* the stamp it saw last */
    long need;                /* storm: the stamp with which it has caught up */
    long inbox, inbox_head, seen;
    char *in, *out;           /* what is not yet parsed; what is not yet written */
    size_t in_size, out_size, out_room;
};

/* What a mode wants to hear. Every frame with a stamp is a delivery. */
struct events {
    void (*live)(struct client *);
    void (*delivered)(struct client *, uint32_t stamp, const char *payload, size_t size);
    void (*lost)(struct client *);
};

struct world {
    struct options options;
    struct dialect dialect;
    struct events events;
    struct client *clients;
    int count, opened, live, lost;
    long refusals;
    size_t frame_bytes; /* payload of the latest delivery */
    bool tracks_seq;    /* storm: remember each client's place in the log */
    const char *why_lost;
    char epoch[64], run[24];
};

extern struct world world;

void clients_begin(void);
void client_open(struct client *client);
void client_cut(struct client *client);
void client_post(struct client *client, uint32_t stamp);
/* Wait for sockets, at most `timeout_ms`, and do what they ask for. */
void clients_turn(int timeout_ms);

/* meter.c */

struct histogram {
    long counts[2048], total;
};

struct usage {
    double cpu_s;
    long rss_kib;
};

double now_s(void);
void histogram_add(struct histogram *histogram, double seconds);
double histogram_ms(const struct histogram *histogram, double quantile);
struct usage usage_of(int pid);
double own_cpu_s(void);
/* What all cores together have worked so far, for whomever: the rest of the machine shows in a measurement. */
double machine_busy_s(void);
void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* modes.c: each drives its load and prints one JSON object. */
void run_fanout(void);
void run_rooms(void);
void run_idle(void);
void run_storm(void);

#endif
