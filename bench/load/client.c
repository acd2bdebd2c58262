/* A WebSocket client as small as a load generator can have it: RFC 6455 frames, masked on the way out, never fragmented.
 *
 * All clients share one buffer for reading: what a read leaves unparsed is kept by its client and put in front of the next. */
#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_BYTES = 1 << 18, MAX_EVENTS = 1024, MAX_DIRTY = 1 << 16, TEXT = 1, PING = 9, PONG = 10 };

static const uint8_t MASK[4] = {0x37, 0xfa, 0x21, 0x3d};

static int epoll;
static char shared[READ_BYTES * 2];
static struct client *dirty[MAX_DIRTY];
static int dirty_count;

void clients_begin(void) {
    epoll = epoll_create1(0);
    if (epoll < 0) fail("epoll: %s", strerror(errno));
}

static void watch(struct client *client, int how, uint32_t for_what) {
    struct epoll_event event = {.events = for_what, .data.ptr = client};
    if (epoll_ctl(epoll, how, client->fd, &event)) fail("epoll: %s", strerror(errno));
}

static void forget_buffers(struct client *client) {
    free(client->in);
    free(client->out);
    client->in = client->out = NULL;
    client->in_size = client->out_size = client->out_room = 0;
}

static void drop(struct client *client) {
    if (client->state == CLOSED) return;
    if (client->state == LIVE) world.live--;
    client->state = CLOSED;
    close(client->fd);
    forget_buffers(client);
    world.opened--;
}

static void lose(struct client *client, const char *why) {
    drop(client);
    world.why_lost = why;
    world.lost++;
    if (world.events.lost) world.events.lost(client);
}

void client_open(struct client *client) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)world.options.port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int yes = 1;
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (client->fd < 0) fail("socket: %s", strerror(errno));
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(client->fd, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS) fail("connect: %s", strerror(errno));
    client->state = CONNECTING;
    client->step = 0;
    client->waits_to_write = false;
    world.opened++;
    watch(client, EPOLL_CTL_ADD, EPOLLOUT);
}

void client_cut(struct client *client) {
    struct linger at_once = {1, 0}; /* a reset, as from a network that is gone */
    setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    drop(client);
}

/* Out */

static void flush(struct client *client) {
    client->dirty = false;
    if (client->state == CLOSED || !client->out_size) return;
    ssize_t sent = send(client->fd, client->out, client->out_size, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return lose(client, strerror(errno));
    if (sent > 0) memmove(client->out, client->out + sent, client->out_size -= (size_t)sent);
    bool waits = client->out_size > 0;
    if (waits != client->waits_to_write) watch(client, EPOLL_CTL_MOD, EPOLLIN | (waits ? EPOLLOUT : 0));
    client->waits_to_write = waits;
}

static char *room_for(struct client *client, size_t more) {
    if (client->out_size + more > client->out_room) {
        client->out_room = (client->out_size + more) * 2;
        client->out = realloc(client->out, client->out_room);
        if (!client->out) fail("out of memory");
    }
    if (!client->dirty && dirty_count < MAX_DIRTY) {
        client->dirty = true;
        dirty[dirty_count++] = client; /* one write for all that is said in this turn */
    }
    char *place = client->out + client->out_size;
    client->out_size += more;
    return place;
}

static void say(struct client *client, int opcode, const char *payload, size_t size) {
    size_t head = size < 126 ? 2 : 4;
    uint8_t *frame = (uint8_t *)room_for(client, head + 4 + size);
    frame[0] = (uint8_t)(0x80 | opcode);
    frame[1] = (uint8_t)(0x80 | (size < 126 ? size : 126));
    if (head == 4) frame[2] = (uint8_t)(size >> 8), frame[3] = (uint8_t)size;
    memcpy(frame + head, MASK, 4);
    for (size_t i = 0; i < size; i++) frame[head + 4 + i] = (uint8_t)payload[i] ^ MASK[i & 3];
}

static struct fill fill_for(const struct client *client) {
    return (struct fill){.token = client->token, .room = client->room, .text = "", .epoch = world.epoch, .run = world.run,
                         .port = world.options.port, .client = client - world.clients, .inbox = client->inbox, .inbox_head = client->inbox_head, .seen = client->seen};
}

static void say_words(struct client *client, const char *words, const struct fill *fill) {
    static char said[1 << 16];
    say(client, TEXT, said, dialect_fill(said, sizeof said, words, fill));
}

void client_post(struct client *client, uint32_t stamp) {
    static char text[MAX_TEXT + 1];
    struct fill fill = fill_for(client);
    fill.n = stamp + 1; /* ids of commands begin at 1 in every dialect */
    snprintf(text, sizeof text, "~%0*u~", STAMP_DIGITS, stamp);
    memset(text + STAMP_DIGITS + 2, 'x', sizeof text - STAMP_DIGITS - 3);
    text[world.options.text] = 0;
    fill.text = text;
    say_words(client, world.dialect.post, &fill);
}

/* Greeting: the dialect's steps, one after the other */

static void go_on(struct client *client) {
    const struct dialect *dialect = &world.dialect;
    struct fill fill = fill_for(client);
    bool resumes = client->cut && dialect->resume;
    for (; client->step < dialect->step_count && !dialect->steps[client->step].expects; client->step++) {
        say_words(client, resumes ? dialect->resume : dialect->steps[client->step].words, &fill);
        resumes = false;
    }
    if (client->step < dialect->step_count) return;
    client->state = LIVE;
    world.live++;
    if (client->mute) watch(client, EPOLL_CTL_DEL, 0);
    if (world.events.live) world.events.live(client);
}

static long number_after(const char *payload, size_t size, const char *key) {
    const char *found = memmem(payload, size, key, strlen(key));
    return found ? atol(found + strlen(key)) : 0; /* a frame in `shared` ends in a quote, a bracket or the next byte of the buffer */
}

static void keep_cursors(struct client *client, const char *payload, size_t size) {
    const char *epoch = memmem(payload, size, "\"epoch\":\"", 9);
    if (!epoch || client->cut) return;
    sscanf(epoch + 9, "%63[^\"]", world.epoch);
    client->inbox = number_after(payload, size, "\"inbox\":");
    client->inbox_head = number_after(payload, size, "\"inbox_head\":");
    client->seen = number_after(payload, size, "\"head\":");
}

static void greet(struct client *client, const char *payload, size_t size) {
    const char *wanted = world.dialect.steps[client->step].words;
    if (!memmem(payload, size, wanted, strlen(wanted))) return;
    if (world.tracks_seq) keep_cursors(client, payload, size);
    client->step++;
    go_on(client);
}

static void shake_hands(struct client *client) {
    char request[4096], value[1024];
    struct fill fill = fill_for(client);
    size_t used = dialect_fill(request, sizeof request, "GET ", &fill);
    used += dialect_fill(request + used, sizeof request - used, world.dialect.path, &fill);
    used += (size_t)snprintf(request + used, sizeof request - used,
                             " HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n", world.options.port);
    for (int i = 0; i < world.dialect.header_count; i++) {
        dialect_fill(value, sizeof value, world.dialect.headers[i], &fill);
        used += (size_t)snprintf(request + used, sizeof request - used, "%s\r\n", value);
    }
    used += (size_t)snprintf(request + used, sizeof request - used, "\r\n");
    memcpy(room_for(client, used), request, used);
    client->state = UPGRADING;
    watch(client, EPOLL_CTL_MOD, EPOLLIN);
}

/* In */

static void take_text(struct client *client, const char *payload, size_t size) {
    const char *stamp = memchr(payload, '~', size);
    if (stamp && stamp + STAMP_DIGITS < payload + size) {
        uint32_t number = 0;
        for (int i = 1; i <= STAMP_DIGITS; i++) number = number * 10 + (uint32_t)(stamp[i] - '0');
        world.frame_bytes = size;
        if (world.tracks_seq) client->seen = number_after(payload, size, "\"seq\":");
        world.events.delivered(client, number, payload, size);
    } else if (client->state == GREETING) {
        greet(client, payload, size);
    } else if (world.dialect.refusal && memmem(payload, size, world.dialect.refusal, strlen(world.dialect.refusal))) {
        if (!world.refusals++) fprintf(stderr, "load: refused: %.*s\n", (int)size, payload);
    }
}

static size_t take_frame(struct client *client, const char *bytes, size_t size) {
    const uint8_t *head = (const uint8_t *)bytes;
    size_t start = 2, length;
    if (size < start) return 0;
    length = head[1] & 0x7f;
    if (length == 126) {
        if (size < (start = 4)) return 0;
        length = (size_t)head[2] << 8 | head[3];
    } else if (length == 127) {
        if (size < (start = 10)) return 0;
        length = 0;
        for (int i = 2; i < 10; i++) length = length << 8 | head[i];
    }
    if (length > READ_BYTES) fail("a frame of %zu bytes is longer than the buffer", length);
    if (size < start + length) return 0;
    int opcode = head[0] & 0x0f;
    if (opcode == TEXT) take_text(client, bytes + start, length);
    else if (opcode == PING) say(client, PONG, bytes + start, length);
    return start + length;
}

static size_t take_response(struct client *client, const char *bytes, size_t size) {
    const char *end = memmem(bytes, size, "\r\n\r\n", 4);
    if (!end) return 0;
    if (size < 12 || memcmp(bytes + 9, "101", 3)) {
        if (!world.refusals++) fprintf(stderr, "load: refused: %.*s\n", (int)size, bytes);
        lose(client, "the handshake was refused");
        return size;
    }
    client->state = GREETING;
    go_on(client);
    return (size_t)(end - bytes) + 4;
}

static void take(struct client *client) {
    size_t size = client->in_size, used = 0, parsed;
    if (size) memcpy(shared, client->in, size);
    ssize_t got = recv(client->fd, shared + size, READ_BYTES, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return lose(client, got ? strerror(errno) : "the server closed it");
    size += (size_t)got;
    do {
        parsed = client->state == UPGRADING ? take_response(client, shared + used, size - used) : take_frame(client, shared + used, size - used);
        used += parsed;
    } while (parsed && used < size && client->state != CLOSED);
    if (client->state == CLOSED) return;
    if (client->in_size || used < size) {
        free(client->in);
        client->in = NULL;
        client->in_size = size - used;
        if (client->in_size) client->in = memcpy(malloc(client->in_size), shared + used, client->in_size);
    }
}

void clients_turn(int timeout_ms) {
    struct epoll_event events[MAX_EVENTS];
    int count = epoll_wait(epoll, events, MAX_EVENTS, timeout_ms);
    for (int i = 0; i < count; i++) {
        struct client *client = events[i].data.ptr;
        if (client->state == CLOSED) continue;
        if (client->state == CONNECTING) {
            if (events[i].events & (EPOLLERR | EPOLLHUP)) lose(client, "it could not connect");
            else shake_hands(client);
        } else if (events[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP)) {
            take(client);
        } else if (events[i].events & EPOLLOUT) {
            flush(client);
        }
    }
    for (int i = 0; i < dirty_count; i++)
        if (dirty[i]->dirty) flush(dirty[i]);
    dirty_count = 0;
}
