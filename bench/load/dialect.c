/* The words a server wants to hear, read from a text file of bench/dialects:
 *
 *   path /ws               what is asked for in the handshake
 *   header Name: value     one more line of the handshake
 *   send TEXT              sent after the handshake, in this order
 *   expect TEXT            wait for a frame that holds TEXT before going on; after the last step the client is live
 *   resume TEXT            sent in place of the first `send` by a client that comes back (storm)
 *   post TEXT              a message; every reader gets a frame that holds its {text}
 *   refusal TEXT           a frame that holds TEXT says that something was refused
 *
 * {names} in them are those of struct fill. Lines that begin with # are for people.
 */
#define _GNU_SOURCE
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void take(struct dialect *dialect, const char *key, char *words) {
    if (!strcmp(key, "path")) dialect->path = words;
    else if (!strcmp(key, "post")) dialect->post = words;
    else if (!strcmp(key, "resume")) dialect->resume = words;
    else if (!strcmp(key, "refusal")) dialect->refusal = words;
    else if (!strcmp(key, "header") && dialect->header_count < MAX_HEADERS) dialect->headers[dialect->header_count++] = words;
    else if ((!strcmp(key, "send") || !strcmp(key, "expect")) && dialect->step_count < MAX_STEPS)
        dialect->steps[dialect->step_count++] = (struct step){key[0] == 'e', words};
    else fail("a dialect has no line %s, or has too many of them", key);
}

struct dialect dialect_read(const char *path) {
    struct dialect dialect = {.path = "/", .post = "{text}"};
    char *line = NULL;
    size_t room = 0;
    FILE *file = fopen(path, "r");
    if (!file) fail("cannot read %s", path);
    while (getline(&line, &room, file) > 0) {
        line[strcspn(line, "\n")] = 0;
        if (!line[0] || line[0] == '#') continue;
        char *space = strchr(line, ' ');
        if (!space) fail("expected a word and its text, got %s", line);
        *space = 0;
        take(&dialect, line, strdup(space + 1));
    }
    free(line);
    fclose(file);
    return dialect;
}

/* Write what {name} stands for and return its length, or -1 when it stands for nothing: then the bracket is JSON's. */
static int value_of(char *out, size_t size, const char *name, size_t length, const struct fill *fill) {
    const struct {
        const char *name, *text;
    } texts[] = {{"token", fill->token}, {"room", fill->room}, {"text", fill->text}, {"epoch", fill->epoch}, {"run", fill->run}};
    const struct {
        const char *name;
        long number;
    } numbers[] = {{"n", fill->n}, {"port", fill->port}, {"client", fill->client}, {"inbox", fill->inbox}, {"inbox_head", fill->inbox_head}, {"seen", fill->seen}};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strlen(texts[i].name) == length && !memcmp(texts[i].name, name, length))
            return snprintf(out, size, "%s", texts[i].text ? texts[i].text : "");
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strlen(numbers[i].name) == length && !memcmp(numbers[i].name, name, length))
            return snprintf(out, size, "%ld", numbers[i].number);
    return -1;
}

size_t dialect_fill(char *out, size_t size, const char *words, const struct fill *fill) {
    size_t used = 0;
    while (*words && used + 1 < size) {
        const char *end = *words == '{' ? strchr(words, '}') : NULL;
        int written = end ? value_of(out + used, size - used, words + 1, (size_t)(end - words - 1), fill) : -1;
        if (written < 0) out[used++] = *words++;
        else used += (size_t)written, words = end + 1;
        if (used >= size) fail("the words are longer than %zu bytes", size);
    }
    out[used] = 0;
    return used;
}
