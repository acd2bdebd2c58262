/* What is driven and what is measured. A post is in flight until its last reader has it: the same for every server,
 * wherever the one who posts stands in its list of readers. */
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FLIGHTS = 1 << 16, OPENING_AT_ONCE = 64, ROUNDS = 4 };

static const double STALLED_S = 20, CONNECT_LIMIT_S = 60;

struct flight {
    uint32_t stamp;
    int got, wanted, room;
    double sent_at;
};

struct room {
    int first, size, speaker, in_flight, left;
};

/* Where the measured time began. */
struct mark {
    double at, own_cpu_s, busy_s;
    struct usage server;
    long delivered, completed;
};

static struct flight flights[FLIGHTS];
static struct histogram times;
static struct room *rooms;
static int room_count, next_room, caught_up;
static uint32_t stamps;
static long delivered, completed, disorder;
static double completed_at;
static bool ended;

static struct mark mark_now(void) {
    return (struct mark){now_s(), own_cpu_s(), machine_busy_s(), usage_of(world.options.pid), delivered, completed};
}

static void post(struct client *client, int wanted, int room) {
    uint32_t stamp = ++stamps;
    flights[stamp % FLIGHTS] = (struct flight){stamp, 0, wanted, room, now_s()};
    client_post(client, stamp);
}

/* Count a delivery; return its flight when it was the last one, else NULL. */
static struct flight *land(uint32_t stamp) {
    struct flight *flight = &flights[stamp % FLIGHTS];
    delivered++;
    if (flight->stamp != stamp || ++flight->got != flight->wanted) return NULL;
    completed++;
    completed_at = now_s();
    return flight;
}

static void check_order(struct client *client, uint32_t stamp) {
    if (stamp != client->last + 1) disorder++;
    client->last = stamp;
}

static void connect_all(int count) {
    double until = now_s() + CONNECT_LIMIT_S;
    for (int next = 0; world.live < count;) {
        while (next < count && world.opened - world.live < OPENING_AT_ONCE) client_open(&world.clients[next++]);
        clients_turn(100);
        if (now_s() > until) fail("only %d of %d sockets were let in within %.0f s", world.live, count, CONNECT_LIMIT_S);
        if (world.lost || world.refusals)
            fail("%d sockets were lost while %d were let in, the last: %s", world.lost, world.live, world.why_lost ? world.why_lost : "refused");
    }
}

static void turn(void) {
    clients_turn(20);
    if (now_s() - completed_at > STALLED_S)
        fail("nothing was delivered to all for %.0f s: %ld posts sent, %ld complete, %d sockets lost, the last: %s", STALLED_S, (long)stamps,
             completed, world.lost, world.why_lost ? world.why_lost : "none");
}

/* Let the load run: first to warm up, which is not measured, then for the measured time or until a mode says that it has ended. */
static struct mark run(double warm_s, double seconds) {
    completed_at = now_s();
    for (double until = now_s() + warm_s; now_s() < until && !ended;) turn();
    memset(&times, 0, sizeof times);
    struct mark mark = mark_now();
    while (now_s() - mark.at < seconds && !ended) turn();
    return mark;
}

static void report(const struct mark *from, const struct usage *before, const char *more) {
    struct mark to = mark_now();
    double seconds = to.at - from->at;
    long deliveries = to.delivered - from->delivered;
    double server_s = to.server.cpu_s - from->server.cpu_s, own_s = to.own_cpu_s - from->own_cpu_s;
    printf("{\"clients\":%d,\"seconds\":%.3f,\"deliveries_per_s\":%.0f,\"posts_per_s\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,"
           "\"server_cpu\":%.3f,\"server_us_per_delivery\":%.3f,\"generator_cpu\":%.3f,\"others_cpu\":%.3f,\"rss_before_kib\":%ld,\"rss_begin_kib\":%ld,"
           "\"rss_end_kib\":%ld,\"frame_bytes\":%zu,\"disorder\":%ld,\"lost\":%d,\"refusals\":%ld%s}\n",
           world.count, seconds, deliveries / seconds, (to.completed - from->completed) / seconds, histogram_ms(&times, 0.5),
           histogram_ms(&times, 0.99), server_s / seconds, deliveries ? server_s / deliveries * 1e6 : 0, own_s / seconds,
           (to.busy_s - from->busy_s - server_s - own_s) / seconds,
           before->rss_kib, from->server.rss_kib, to.server.rss_kib, world.frame_bytes, disorder, world.lost, world.refusals, more);
}

/* fanout: one room, one who posts, everyone reads, or nearly everyone */

static void fanout_delivered(struct client *client, uint32_t stamp, const char *payload, size_t size) {
    (void)payload, (void)size;
    check_order(client, stamp);
    struct flight *flight = land(stamp);
    if (!flight) return;
    histogram_add(&times, completed_at - flight->sent_at);
    ended = world.options.posts && completed >= world.options.posts;
    post(world.clients, flight->wanted, 0);
}

void run_fanout(void) {
    struct usage before = usage_of(world.options.pid);
    world.events.delivered = fanout_delivered;
    for (int i = world.count - world.options.mute; i < world.count; i++) world.clients[i].mute = true;
    connect_all(world.count);
    for (int i = 0; i < world.options.inflight; i++) post(world.clients, world.count - world.options.mute, 0);
    struct mark mark = run(world.options.warm_s, world.options.seconds);
    report(&mark, &before, "");
}

/* rooms: many rooms, of which some speak at a time; in each every member in turn */

static void speak(int index) {
    struct room *room = &rooms[index];
    while (room->in_flight < world.options.inflight && room->left > 0) {
        room->in_flight++;
        room->left--;
        post(&world.clients[room->first + room->speaker++ % room->size], room->size, index);
    }
}

static void give_the_word(void) {
    struct room *room = &rooms[next_room];
    room->left = room->size * ROUNDS;
    speak(next_room);
    next_room = (next_room + 1) % room_count;
}

static void rooms_delivered(struct client *client, uint32_t stamp, const char *payload, size_t size) {
    (void)client, (void)payload, (void)size;
    struct flight *flight = land(stamp);
    if (!flight) return;
    histogram_add(&times, completed_at - flight->sent_at);
    struct room *room = &rooms[flight->room];
    room->in_flight--;
    speak(flight->room);
    if (!room->in_flight && !room->left) give_the_word();
}

static void gather_rooms(void) {
    rooms = calloc((size_t)world.count, sizeof *rooms);
    for (int i = 0; i < world.count; i++) {
        if (!i || strcmp(world.clients[i].room, world.clients[i - 1].room)) rooms[room_count++].first = i;
        rooms[room_count - 1].size++;
    }
    if (room_count <= world.options.active) fail("%d rooms are too few for %d at a time", room_count, world.options.active);
}

void run_rooms(void) {
    struct usage before = usage_of(world.options.pid);
    world.events.delivered = rooms_delivered;
    gather_rooms();
    connect_all(world.count);
    for (int i = 0; i < world.options.active; i++) give_the_word();
    struct mark mark = run(world.options.warm_s, world.options.seconds);
    report(&mark, &before, "");
}

/* idle: sockets that only answer pings */

static void ignore(struct client *client, uint32_t stamp, const char *payload, size_t size) {
    (void)client, (void)stamp, (void)payload, (void)size;
}

void run_idle(void) {
    struct usage before = usage_of(world.options.pid);
    world.events.delivered = ignore;
    connect_all(world.count);
    double settled = now_s() + world.options.warm_s, end = settled + world.options.seconds;
    while (now_s() < settled) clients_turn(100);
    struct mark mark = mark_now();
    while (now_s() < end) clients_turn(100);
    report(&mark, &before, "");
}

/* storm: many are cut at once and come back with their cursors, while the room goes on */

static void storm_delivered(struct client *client, uint32_t stamp, const char *payload, size_t size) {
    (void)payload, (void)size;
    check_order(client, stamp);
    land(stamp);
    if (client - world.clients < world.options.clients) histogram_add(&times, now_s() - flights[stamp % FLIGHTS].sent_at);
    if (client->need && stamp >= client->need) {
        client->need = 0;
        caught_up++;
    }
}

static void storm_live(struct client *client) {
    if (client->cut) client->need = stamps ? (long)stamps : 1; /* all that was said until it was welcomed again */
}

static void storm_lost(struct client *client) {
    if (client->cut) client_open(client); /* as a client does that finds the door shut */
}

static void talk_until(double until, bool (*enough)(void)) {
    double next = now_s();
    while (now_s() < until && !enough()) {
        clients_turn(2);
        for (; now_s() >= next; next += 1.0 / world.options.rate) post(world.clients, world.options.clients, 0);
    }
}

static bool never(void) { return false; }
static bool all_back(void) { return caught_up >= world.options.cut; }

void run_storm(void) {
    char more[256];
    struct usage before = usage_of(world.options.pid);
    world.events = (struct events){storm_live, storm_delivered, storm_lost};
    world.tracks_seq = true;
    connect_all(world.count);
    talk_until(now_s() + world.options.warm_s, never);
    double calm_p99_ms = histogram_ms(&times, 0.99);
    memset(&times, 0, sizeof times);
    struct mark mark = mark_now();
    for (int i = world.options.clients; i < world.count; i++) {
        world.clients[i].cut = true;
        client_cut(&world.clients[i]);
    }
    for (int i = world.options.clients; i < world.count; i++) client_open(&world.clients[i]);
    talk_until(mark.at + world.options.seconds, all_back);
    double caught_up_s = now_s() - mark.at;
    snprintf(more, sizeof more, ",\"cut\":%d,\"caught_up\":%d,\"caught_up_s\":%.3f,\"calm_p99_ms\":%.3f", world.options.cut, caught_up,
             caught_up_s, calm_p99_ms);
    report(&mark, &before, more);
}
