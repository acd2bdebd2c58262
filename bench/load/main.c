/* Options, the users file, and the mode: `load MODE --port 8000 --dialect FILE …`; bench/run.py calls it. */
#define _GNU_SOURCE
#include "load.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

struct world world = {.options = {.clients = 1000, .inflight = 1, .active = 100, .rate = 20, .text = 200, .warm_s = 1, .seconds = 5}};

static const struct option NAMES[] = {
    {"port", 1, 0, 'p'},     {"pid", 1, 0, 'P'},    {"dialect", 1, 0, 'd'}, {"users", 1, 0, 'u'},   {"clients", 1, 0, 'n'},
    {"mute", 1, 0, 'm'},     {"active", 1, 0, 'a'}, {"cut", 1, 0, 'c'},     {"rate", 1, 0, 'r'},    {"inflight", 1, 0, 'w'},
    {"text", 1, 0, 't'},     {"posts", 1, 0, 'k'},  {"warm", 1, 0, 'W'},    {"seconds", 1, 0, 's'}, {"payload", 1, 0, 'l'},
    {0, 0, 0, 0},
};

static void read_options(int count, char **arguments) {
    struct options *options = &world.options;
    for (int name; (name = getopt_long(count, arguments, "", NAMES, NULL)) != -1;) switch (name) {
            case 'p': options->port = atoi(optarg); break;
            case 'P': options->pid = atoi(optarg); break;
            case 'd': options->dialect = optarg; break;
            case 'u': options->users = optarg; break;
            case 'n': options->clients = atoi(optarg); break;
            case 'm': options->mute = atoi(optarg); break;
            case 'a': options->active = atoi(optarg); break;
            case 'c': options->cut = atoi(optarg); break;
            case 'r': options->rate = atoi(optarg); break;
            case 'w': options->inflight = atoi(optarg); break;
            case 't': options->text = atoi(optarg); break;
            case 'l': options->payload = atoi(optarg); break;
            case 'k': options->posts = atol(optarg); break;
            case 'W': options->warm_s = atof(optarg); break;
            case 's': options->seconds = atof(optarg); break;
            default: fail("see NAMES in main.c for the options");
        }
    if (optind != count - 1) fail("expected one mode: fanout, rooms, idle or storm");
    options->mode = arguments[optind];
    if (!options->port || !options->dialect) fail("--port and --dialect are needed");
}

/* Give each client its line of the users file: a token, a space, a room. */
static void read_users(const char *path) {
    char *line = NULL;
    size_t room = 0;
    FILE *file = fopen(path, "r");
    if (!file) fail("cannot read %s", path);
    for (int i = 0; i < world.count; i++) {
        if (getline(&line, &room, file) <= 0) fail("%s has %d users, %d are needed", path, i, world.count);
        world.clients[i].token = strdup(strtok(line, " \n"));
        const char *where = strtok(NULL, " \n");
        world.clients[i].room = strdup(where ? where : "");
    }
    free(line);
    fclose(file);
}

static void set_text(void) {
    static char said[1 << 16];
    struct options *options = &world.options;
    if (options->payload) {
        struct fill nothing = {.text = ""};
        options->text = options->payload - (int)dialect_fill(said, sizeof said, world.dialect.post, &nothing);
    }
    if (options->text < STAMP_DIGITS + 2 || options->text > MAX_TEXT) fail("a text of %d bytes cannot be sent", options->text);
}

static void allow_many_sockets(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max < (rlim_t)world.count + 16) fail("%d sockets are wanted, and the limit is %ld files", world.count, (long)limit.rlim_max);
}

int main(int count, char **arguments) {
    read_options(count, arguments);
    world.dialect = dialect_read(world.options.dialect);
    world.count = world.options.clients + world.options.cut;
    world.clients = calloc((size_t)world.count, sizeof *world.clients);
    snprintf(world.run, sizeof world.run, "%lx", (unsigned long)(now_s() * 1000)); /* client ids may not repeat those of an earlier run */
    allow_many_sockets();
    if (world.options.users) read_users(world.options.users);
    set_text();
    clients_begin();
    if (!strcmp(world.options.mode, "fanout")) run_fanout();
    else if (!strcmp(world.options.mode, "rooms")) run_rooms();
    else if (!strcmp(world.options.mode, "idle")) run_idle();
    else if (!strcmp(world.options.mode, "storm")) run_storm();
    else fail("there is no mode %s", world.options.mode);
    return 0;
}
