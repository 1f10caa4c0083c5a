/* Functions that read a clock. */
#include "drill_clock.h"

COVER(int, clock_gettime, clockid_t clock, struct timespec *t) {
    prepare();
    int failed = real.clock_gettime(clock, t);
    int64_t ahead = failed ? 0 : ahead_ns(clock);
    if (ahead) *t = timespec_of(later(ns_in(t), ahead));
    return failed;
}

COVER(int, __clock_gettime, clockid_t clock, struct timespec *t) { return drill_clock_gettime(clock, t); }

COVER(int, gettimeofday, struct timeval *restrict t, void *restrict zone) {
    prepare();
    struct timespec now = timespec_of(drill_ns(CLOCK_REALTIME));
    if (t) t->tv_sec = now.tv_sec, t->tv_usec = now.tv_nsec / 1000;
    if (zone) *(struct timezone *)zone = (struct timezone){0, 0}; /* as Linux does */
    return 0;
}

COVER(int, __gettimeofday, struct timeval *restrict t, void *restrict zone) { return drill_gettimeofday(t, zone); }

COVER(time_t, time, time_t *t) {
    prepare();
    time_t now = timespec_of(drill_ns(CLOCK_REALTIME)).tv_sec;
    if (t) *t = now;
    return now;
}

COVER(int, timespec_get, struct timespec *t, int base) {
    prepare();
    if (base != TIME_UTC) return 0; /* the other bases of C23 are read by clock_gettime */
    *t = timespec_of(drill_ns(CLOCK_REALTIME));
    return base;
}
