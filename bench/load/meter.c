/* The clock, a histogram of times, and what a process has used so far. */
#include "load.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* 64 buckets per doubling: a bucket is 1.1 % wide, and 2048 of them reach from a microsecond over an hour. */
static const double PER_DOUBLING = 64;

double now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

void histogram_add(struct histogram *histogram, double seconds) {
    double us = seconds * 1e6;
    int bucket = us <= 1 ? 0 : (int)(log2(us) * PER_DOUBLING);
    histogram->counts[bucket < 2047 ? bucket : 2047]++;
    histogram->total++;
}

double histogram_ms(const struct histogram *histogram, double quantile) {
    long wanted = (long)ceil(histogram->total * quantile), passed = 0;
    for (int bucket = 0; bucket < 2048; bucket++) {
        passed += histogram->counts[bucket];
        if (passed >= wanted && passed > 0) return exp2((bucket + 0.5) / PER_DOUBLING) / 1000;
    }
    return 0;
}

static double cpu_from_stat(const char *stat) {
    unsigned long user, system;
    const char *after_name = strrchr(stat, ')'); /* the name may hold spaces and brackets (proc(5)) */
    if (!after_name || sscanf(after_name, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2) return 0;
    return (double)(user + system) / sysconf(_SC_CLK_TCK);
}

static size_t read_proc(int pid, const char *name, char *into, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    FILE *file = fopen(path, "r");
    if (!file) return into[0] = 0;
    size_t got = fread(into, 1, size - 1, file);
    fclose(file);
    into[got] = 0;
    return got;
}

struct usage usage_of(int pid) {
    struct usage usage = {0, 0};
    char text[8192];
    if (read_proc(pid, "stat", text, sizeof text)) usage.cpu_s = cpu_from_stat(text);
    if (read_proc(pid, "status", text, sizeof text)) {
        const char *line = strstr(text, "VmRSS:");
        if (line) usage.rss_kib = atol(line + 6);
    }
    return usage;
}

double machine_busy_s(void) {
    unsigned long user, nice, system, idle, wait, irq, soft, steal;
    FILE *file = fopen("/proc/stat", "r");
    int read = file ? fscanf(file, "cpu %lu %lu %lu %lu %lu %lu %lu %lu", &user, &nice, &system, &idle, &wait, &irq, &soft, &steal) : 0;
    if (file) fclose(file);
    return read == 8 ? (double)(user + nice + system + irq + soft + steal) / sysconf(_SC_CLK_TCK) : 0;
}

double own_cpu_s(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("load: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}
