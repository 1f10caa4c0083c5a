/* Functions that watch files and sockets: poll, select, epoll and their kin. */
#include "drill_clock.h"

#define NS_PER_MS 1000000LL

/* Slices count in whole milliseconds, upwards: the wait must not end early. */
static int ms_of(int64_t ns) { return (int)((ns + NS_PER_MS - 1) / NS_PER_MS); }

#define ENDED_EMPTY (result == 0)

static int ppoll_for(struct pollfd *files, nfds_t count, int64_t ns, const sigset_t *mask) {
    struct timespec limit = timespec_of(ns);
    return real.ppoll(files, count, &limit, mask);
}

COVER(int, poll, struct pollfd *files, nfds_t count, int ms) {
    prepare();
    if (!drill || ms == 0) return real.poll(files, count, ms);
    if (ms < 0) return WITHOUT_LIMIT(real.poll(files, count, ms));
    return IN_SLICES(in_ns(ms * NS_PER_MS), step, ppoll_for(files, count, step, NULL), ENDED_EMPTY);
}

COVER(int, ppoll, struct pollfd *files, nfds_t count, span limit, const sigset_t *mask) {
    prepare();
    if (!drill || (limit && (!is_proper_wait(limit) || !ns_in(limit)))) return real.ppoll(files, count, limit, mask);
    if (!limit) return WITHOUT_LIMIT(real.ppoll(files, count, limit, mask));
    return IN_SLICES(in_ns(ns_in(limit)), step, ppoll_for(files, count, step, mask), ENDED_EMPTY);
}

/* Programs built with _FORTIFY_SOURCE come by these; `size` is what the compiler knows of the array. */
static bool fits(nfds_t count, size_t size) { return size / sizeof(struct pollfd) >= count; }

COVER(int, __poll_chk, struct pollfd *files, nfds_t count, int ms, size_t size) {
    if (!fits(count, size)) __builtin_trap();
    return drill_poll(files, count, ms);
}

COVER(int, __ppoll_chk, struct pollfd *files, nfds_t count, span limit, const sigset_t *mask, size_t size) {
    if (!fits(count, size)) __builtin_trap();
    return drill_ppoll(files, count, limit, mask);
}

COVER(int, __poll, struct pollfd *files, nfds_t count, int ms) { return drill_poll(files, count, ms); }

/* --------------------------------------------------------------------------------------------------------- select */

/* select() overwrites its sets, so that every slice needs them afresh. Only the words that `count` covers are touched:
 * a program may pass sets larger, or smaller, than an fd_set. */
#define WORDS_MAX (65536 / 64)
struct kept {
    fd_set *set;
    unsigned long words[WORDS_MAX];
};

static size_t bytes_of(int count) { return ((size_t)count + 63) / 64 * sizeof(unsigned long); }

static void keep(struct kept *kept, fd_set *set, int count) {
    kept->set = set;
    if (set) __builtin_memcpy(kept->words, set, bytes_of(count));
}

static void restore(const struct kept *kept, int count) {
    if (kept->set) __builtin_memcpy(kept->set, kept->words, bytes_of(count));
}

struct selection {
    int count;
    struct kept kept[3];
    const sigset_t *mask;
    bool has_mask;
};

static int select_for(struct selection *all, int64_t ns) {
    struct timespec limit = timespec_of(ns);
    for (int i = 0; i < 3; i++) restore(&all->kept[i], all->count);
    fd_set *sets[] = {all->kept[0].set, all->kept[1].set, all->kept[2].set};
    return real.pselect(all->count, sets[0], sets[1], sets[2], &limit, all->has_mask ? all->mask : NULL);
}

static int select_until(int64_t due, int count, fd_set *reads, fd_set *writes, fd_set *errors, const sigset_t *mask) {
    struct selection all;
    all.count = count, all.mask = mask, all.has_mask = mask != NULL;
    keep(&all.kept[0], reads, count), keep(&all.kept[1], writes, count), keep(&all.kept[2], errors, count);
    return IN_SLICES(due, step, select_for(&all, step), ENDED_EMPTY);
}

static bool can_select(int count) { return drill && count >= 0 && count <= WORDS_MAX * 64; }

COVER(int, select, int count, fd_set *restrict reads, fd_set *restrict writes, fd_set *restrict errors,
      struct timeval *restrict limit) {
    prepare();
    if (!can_select(count)) return real.select(count, reads, writes, errors, limit);
    if (!limit) return WITHOUT_LIMIT(real.select(count, reads, writes, errors, limit));
    int64_t ns = later(ns_of(limit->tv_sec, 0), ns_of(limit->tv_usec / 1000000, limit->tv_usec % 1000000 * 1000));
    if (limit->tv_sec < 0 || limit->tv_usec < 0 || ns == 0) return real.select(count, reads, writes, errors, limit);
    int64_t due = in_ns(ns);
    int result = select_until(due, count, reads, writes, errors, NULL);
    int64_t left = later(due, -drill_now());
    struct timespec rest = timespec_of(left > 0 ? left : 0);
    limit->tv_sec = rest.tv_sec, limit->tv_usec = rest.tv_nsec / 1000; /* Linux says how much was left */
    return result;
}

COVER(int, __select, int count, fd_set *reads, fd_set *writes, fd_set *errors, struct timeval *limit) {
    return drill_select(count, reads, writes, errors, limit);
}

COVER(int, pselect, int count, fd_set *restrict reads, fd_set *restrict writes, fd_set *restrict errors,
      span limit, const sigset_t *restrict mask) {
    prepare();
    if (!can_select(count) || (limit && (!is_proper_wait(limit) || !ns_in(limit))))
        return real.pselect(count, reads, writes, errors, limit, mask);
    if (!limit) return WITHOUT_LIMIT(real.pselect(count, reads, writes, errors, limit, mask));
    return select_until(in_ns(ns_in(limit)), count, reads, writes, errors, mask);
}

/* ---------------------------------------------------------------------------------------------------------- epoll */

static int epoll_for(int file, struct epoll_event *events, int room, int64_t ns, const sigset_t *mask) {
    struct timespec limit = timespec_of(ns);
    return real.epoll_pwait2(file, events, room, &limit, mask);
}

/* Not every kernel, and not every C library, has the form that knows less than a millisecond. */
static int epoll_in_ms(int file, struct epoll_event *events, int room, int64_t ns, const sigset_t *mask) {
    static _Atomic bool is_missing;
    if (ns % NS_PER_MS && !is_missing) {
        int before = errno, result = epoll_for(file, events, room, ns, mask);
        if (result >= 0 || errno != ENOSYS) return result;
        is_missing = true;
        errno = before;
    }
    return real.epoll_pwait(file, events, room, ms_of(ns), mask);
}

COVER(int, epoll_pwait, int file, struct epoll_event *events, int room, int ms, const sigset_t *mask) {
    prepare();
    if (!drill || ms == 0) return real.epoll_pwait(file, events, room, ms, mask);
    if (ms < 0) return WITHOUT_LIMIT(real.epoll_pwait(file, events, room, ms, mask));
    return IN_SLICES(in_ns(ms * NS_PER_MS), step, epoll_in_ms(file, events, room, step, mask), ENDED_EMPTY);
}

COVER(int, epoll_wait, int file, struct epoll_event *events, int room, int ms) {
    return drill_epoll_pwait(file, events, room, ms, NULL);
}

COVER(int, epoll_pwait2, int file, struct epoll_event *events, int room, span limit, const sigset_t *mask) {
    prepare();
    if (!drill || (limit && (!is_proper_wait(limit) || !ns_in(limit))))
        return real.epoll_pwait2(file, events, room, limit, mask);
    if (!limit) return WITHOUT_LIMIT(real.epoll_pwait2(file, events, room, limit, mask));
    return IN_SLICES(in_ns(ns_in(limit)), step, epoll_for(file, events, room, step, mask), ENDED_EMPTY);
}
