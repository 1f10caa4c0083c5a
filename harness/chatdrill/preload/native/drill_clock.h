/* The moved clock of a bot under test: what the parts of the library share.
 *
 * The library is loaded before a program's own libraries (LD_PRELOAD) and stands in for the C functions that read a clock
 * or wait with a time limit. chatdrill owns a small file, named by DRILL_CLOCK, that is mapped into the program and all
 * of its children. chatdrill writes how far time has jumped; every thread writes until when it waits.
 *
 *   drill time of a wall clock   = the machine's + wall_ns + jumped_ns
 *   drill time of the others     = the machine's + jumped_ns         (durations agree: all clocks jump by the same)
 *
 * wall_ns is fixed before the program starts and may be negative (a drill of last year). jumped_ns only grows, so that no
 * clock ever runs backwards. Clocks that count processor time are left alone.
 *
 * A wait with a limit is cut into slices: short real waits, between which the thread looks whether a jump has ended it.
 *
 * What stays real: the times of files, SO_RCVTIMEO and other time-outs inside the kernel, waits inside the C library
 * itself (name resolution), io_uring, and programs that do not call a shared C library at all (static binaries, Go).
 *
 * Linux, 64 bit, glibc or musl. Nothing here allocates memory or takes a lock where a program may wait.
 */
#ifndef DRILL_CLOCK_H
#define DRILL_CLOCK_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/time.h>
#include <time.h>

#if !defined(__linux__) || !defined(__LP64__)
#error "the moved clock is for 64-bit Linux"
#endif

/* ------------------------------------------------------------------ the shared file; chatdrill.preload.moved agrees */

#define DRILL_MAGIC 0x316b6c636c6c7264LL /* "drllclk1" */
#define DRILL_RUNNING 0                  /* a slot's due: the thread does not wait, as far as is known */
#define DRILL_FOREVER INT64_MAX          /* a slot's due: it waits without a limit */

/* What one thread shows of itself. One cache line each, so that threads do not disturb one another. */
struct drill_slot {
    _Atomic int64_t owner; /* process id << 32 | thread id; 0: nobody's */
    _Atomic int64_t due;   /* until when it waits: CLOCK_MONOTONIC of the drill, ns */
    _Atomic int64_t begun; /* since when, likewise */
    _Atomic int64_t turns; /* grows when a wait begins and when it ends; never reset */
    int64_t unused[4];
};

struct drill_shared {
    int64_t magic;
    int64_t slots; /* how many there are */
    int64_t wall_ns;
    _Atomic int64_t jumped_ns;
    _Atomic int64_t slice_ns;
    _Atomic int64_t used;   /* slots from here on were never taken */
    _Atomic int64_t others; /* turns of threads that found no slot */
    _Atomic int64_t signals; /* to condition variables that processes share */
    int64_t unused[8];
    struct drill_slot slot[];
};

extern struct drill_shared *drill; /* NULL without a file: the library is then transparent */

/* ------------------------------------------------------------------------------------------------ standing in */

/* Defines a function of the program's world. The label keeps it apart from the headers' own declaration, whose
 * attributes (nonnull, fortify) speak of the real one. */
#define COVER(type, name, ...)                                                                                     \
    __attribute__((visibility("default"))) type drill_##name(__VA_ARGS__) __asm__(#name);                         \
    type drill_##name(__VA_ARGS__)

typedef const struct timespec *span;

#define REAL_FUNCTIONS(X)                                                                                          \
    X(int, clock_gettime, (clockid_t, struct timespec *))                                                          \
    X(int, clock_nanosleep, (clockid_t, int, span, struct timespec *))                                             \
    X(int, poll, (struct pollfd *, nfds_t, int))                                                                   \
    X(int, ppoll, (struct pollfd *, nfds_t, span, const sigset_t *))                                               \
    X(int, select, (int, fd_set *, fd_set *, fd_set *, struct timeval *))                                          \
    X(int, pselect, (int, fd_set *, fd_set *, fd_set *, span, const sigset_t *))                                   \
    X(int, epoll_pwait, (int, struct epoll_event *, int, int, const sigset_t *))                                   \
    X(int, epoll_pwait2, (int, struct epoll_event *, int, span, const sigset_t *))                                 \
    X(int, pthread_cond_init, (pthread_cond_t *, const pthread_condattr_t *))                                      \
    X(int, pthread_cond_timedwait, (pthread_cond_t *, pthread_mutex_t *, span))                                    \
    X(int, pthread_cond_clockwait, (pthread_cond_t *, pthread_mutex_t *, clockid_t, span))                         \
    X(int, pthread_cond_signal, (pthread_cond_t *))                                                                \
    X(int, pthread_cond_broadcast, (pthread_cond_t *))                                                             \
    X(int, pthread_mutex_timedlock, (pthread_mutex_t *, span))                                                     \
    X(int, pthread_mutex_clocklock, (pthread_mutex_t *, clockid_t, span))                                          \
    X(int, pthread_rwlock_timedrdlock, (pthread_rwlock_t *, span))                                                 \
    X(int, pthread_rwlock_timedwrlock, (pthread_rwlock_t *, span))                                                 \
    X(int, pthread_rwlock_clockrdlock, (pthread_rwlock_t *, clockid_t, span))                                      \
    X(int, pthread_rwlock_clockwrlock, (pthread_rwlock_t *, clockid_t, span))                                      \
    X(int, pthread_timedjoin_np, (pthread_t, void **, span))                                                       \
    X(int, pthread_clockjoin_np, (pthread_t, void **, clockid_t, span))                                            \
    X(int, sem_timedwait, (sem_t *, span))                                                                         \
    X(int, sem_clockwait, (sem_t *, clockid_t, span))                                                              \
    X(int, cnd_signal, (void *))                                                                                   \
    X(int, cnd_broadcast, (void *))                                                                                \
    X(int, cnd_timedwait, (void *, void *, span))                                                                  \
    X(int, mtx_timedlock, (void *, span))                                                                          \
    X(int, sigtimedwait, (const sigset_t *, siginfo_t *, span))                                                    \
    X(ssize_t, mq_timedreceive, (int, char *, size_t, unsigned *, span))                                           \
    X(int, mq_timedsend, (int, const char *, size_t, unsigned, span))                                              \
    X(int, semtimedop, (int, void *, size_t, span))                                                                \
    X(long, syscall, (long, long, long, long, long, long, long))                                                   \
    X(int, timerfd_create, (int, int))                                                                             \
    X(int, timerfd_settime, (int, int, const struct itimerspec *, struct itimerspec *))                            \
    X(int, timerfd_gettime, (int, struct itimerspec *))                                                            \
    X(int, timer_create, (clockid_t, void *, timer_t *))                                                           \
    X(int, timer_settime, (timer_t, int, const struct itimerspec *, struct itimerspec *))                          \
    X(int, timer_gettime, (timer_t, struct itimerspec *))                                                          \
    X(int, timer_delete, (timer_t))                                                                                \
    X(int, setitimer, (int, const struct itimerval *, struct itimerval *))                                         \
    X(int, getitimer, (int, struct itimerval *))                                                                   \
    X(unsigned, alarm, (unsigned))

struct real_functions {
#define FIELD(type, name, arguments) type(*name) arguments;
    REAL_FUNCTIONS(FIELD)
#undef FIELD
};

extern struct real_functions real; /* valid after prepare() */
extern bool prepared;
void prepare_once(void);

/* Another library's start-up code may call us before our own ran. */
static inline void prepare(void) {
    if (__builtin_expect(!prepared, 0)) prepare_once();
}

/* ------------------------------------------------------------------------------------------------------ arithmetic */

#define NS_PER_S 1000000000LL

static inline int64_t later(int64_t a, int64_t b) {
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum)) return b > 0 ? DRILL_FOREVER : INT64_MIN;
    return sum;
}

static inline int64_t ns_of(int64_t seconds, int64_t ns) {
    int64_t product;
    if (__builtin_mul_overflow(seconds, NS_PER_S, &product)) return seconds > 0 ? DRILL_FOREVER : INT64_MIN;
    return later(product, ns);
}

static inline int64_t ns_in(span t) { return ns_of(t->tv_sec, t->tv_nsec); }

static inline struct timespec timespec_of(int64_t ns) {
    struct timespec t = {ns / NS_PER_S, ns % NS_PER_S};
    if (t.tv_nsec < 0) t.tv_nsec += NS_PER_S, t.tv_sec--;
    return t;
}

/* The real function answers what is not well formed: it knows the right error. */
static inline bool is_proper(span t) { return t->tv_nsec >= 0 && t->tv_nsec < NS_PER_S; }
static inline bool is_proper_wait(span t) { return is_proper(t) && t->tv_sec >= 0; }

/* --------------------------------------------------------------------------------------------------------- clocks */

static inline bool in_set(clockid_t clock, unsigned set) {
    return (unsigned)clock < 32 && (set & 1u << (unsigned)clock);
}

/* Numbers of the kernel's interface: 0 REALTIME, 5 its coarse, 8 its alarm form, 11 TAI; 1 MONOTONIC, 4 raw, 6 coarse,
 * 7 BOOTTIME, 9 its alarm form. */
static inline bool is_wall(clockid_t clock) { return in_set(clock, 1u << 0 | 1u << 5 | 1u << 8 | 1u << 11); }
static inline bool moves(clockid_t clock) {
    return is_wall(clock) || in_set(clock, 1u << 1 | 1u << 4 | 1u << 6 | 1u << 7 | 1u << 9);
}

/* How far a clock is ahead of the machine's, ns. */
static inline int64_t ahead_ns(clockid_t clock) {
    if (!drill || !moves(clock)) return 0;
    int64_t jumped = atomic_load_explicit(&drill->jumped_ns, memory_order_acquire);
    return is_wall(clock) ? jumped + drill->wall_ns : jumped;
}

static inline int64_t real_ns(clockid_t clock) {
    struct timespec t = {0, 0};
    real.clock_gettime(clock, &t);
    return ns_in(&t);
}

static inline int64_t drill_ns(clockid_t clock) { return later(real_ns(clock), ahead_ns(clock)); }
static inline int64_t drill_now(void) { return drill_ns(CLOCK_MONOTONIC); }

/* ---------------------------------------------------------------------------------------------------------- waits */

/* Deadlines are on the drill's CLOCK_MONOTONIC, whatever clock they came on: a jump then leaves them alone. */
static inline int64_t in_ns(int64_t ns) { return later(drill_now(), ns); }

static inline int64_t deadline_on(clockid_t clock, span at) {
    return later(drill_now(), later(ns_in(at), -drill_ns(clock)));
}

void wait_begins(int64_t due);
void wait_ends(void);
int64_t slice_to(int64_t due); /* how long to wait now, real ns; 0 when the moment has come */
static inline bool is_over(int64_t due) { return drill_now() >= due; }

/* The machine's own time by which a slice of `ns` ends, for functions that want a moment. */
static inline struct timespec real_until(clockid_t clock, int64_t ns) {
    return timespec_of(later(real_ns(clock), ns));
}

/* Repeats `call`, which waits at most `step` ns, until it ends otherwise than by its limit or the deadline has come.
 * `timed_out` looks at `result`. */
#define IN_SLICES(deadline, step, call, timed_out)                                                                 \
    ({                                                                                                             \
        int64_t until_ = (deadline);                                                                               \
        int64_t step;                                                                                              \
        __typeof__(call) result;                                                                                   \
        wait_begins(until_);                                                                                       \
        do {                                                                                                       \
            step = slice_to(until_);                                                                               \
            result = (call);                                                                                       \
        } while ((timed_out) && !is_over(until_));                                                                 \
        wait_ends();                                                                                               \
        result;                                                                                                    \
    })

/* A wait without a limit: nothing to cut, but it shows that the program is idle. */
#define WITHOUT_LIMIT(call)                                                                                        \
    ({                                                                                                             \
        wait_begins(DRILL_FOREVER);                                                                                \
        __typeof__(call) result = (call);                                                                          \
        wait_ends();                                                                                               \
        result;                                                                                                    \
    })

int sleep_until(int64_t due, struct timespec *left); /* 0 or an error number; `left` may be NULL */

struct drill_slot *slot_for(int64_t owner);
int64_t own_id(void);
void locks_prepare(void);
void timers_prepare(void);
void timers_after_fork(void);

#endif
