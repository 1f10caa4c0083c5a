/* Functions that only sleep. */
#include "drill_clock.h"

int sleep_until(int64_t due, struct timespec *left) {
    int problem = 0;
    wait_begins(due);
    while (!problem && !is_over(due)) {
        struct timespec slice = timespec_of(slice_to(due));
        problem = real.clock_nanosleep(CLOCK_MONOTONIC, 0, &slice, NULL);
    }
    if (problem && left) {
        int64_t rest = later(due, -drill_now());
        *left = timespec_of(rest > 0 ? rest : 0);
    }
    wait_ends();
    return problem;
}

COVER(int, clock_nanosleep, clockid_t clock, int flags, span wanted, struct timespec *left) {
    prepare();
    if (!drill || !moves(clock) || !is_proper_wait(wanted)) return real.clock_nanosleep(clock, flags, wanted, left);
    if (flags & TIMER_ABSTIME) return sleep_until(deadline_on(clock, wanted), NULL);
    return sleep_until(in_ns(ns_in(wanted)), left);
}

COVER(int, nanosleep, span wanted, struct timespec *left) {
    int problem = drill_clock_nanosleep(CLOCK_MONOTONIC, 0, wanted, left);
    if (!problem) return 0;
    errno = problem;
    return -1;
}

COVER(int, __nanosleep, span wanted, struct timespec *left) { return drill_nanosleep(wanted, left); }

COVER(int, usleep, useconds_t us) {
    struct timespec wanted = timespec_of((int64_t)us * 1000);
    return drill_nanosleep(&wanted, NULL);
}

COVER(unsigned, sleep, unsigned seconds) {
    struct timespec wanted = {(time_t)seconds, 0}, left = {0, 0};
    return drill_nanosleep(&wanted, &left) ? (unsigned)left.tv_sec : 0;
}

COVER(int, thrd_sleep, span wanted, struct timespec *left) {
    int problem = drill_clock_nanosleep(CLOCK_REALTIME, 0, wanted, left);
    return !problem ? 0 : problem == EINTR ? -1 : -2;
}
