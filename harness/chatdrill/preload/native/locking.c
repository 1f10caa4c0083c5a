/* Functions that wait, with a limit, for another thread, process or signal. Their limits are moments. */
#include "drill_clock.h"
#include <string.h>
#include <sys/syscall.h>
#include <threads.h>
#include <unistd.h>

#define BY_VALUE (result == ETIMEDOUT)
#define BY_ERRNO (result == -1 && errno == ETIMEDOUT)
#define BY_EAGAIN (result == -1 && errno == EAGAIN)

/* `call` waits until `moment`, on the machine's `clock`. */
#define UNTIL(clock, at, call, timed_out)                                                                          \
    ({                                                                                                             \
        struct timespec moment;                                                                                    \
        IN_SLICES(deadline_on(clock, at), step, ({ moment = real_until(clock, step); call; }), timed_out);            \
    })

#define STAYS_REAL(clock, at) (prepare(), !drill || !moves(clock) || !is_proper(at))

/* ------------------------------------------------------------------------------------------------------ conditions */

/* A condition variable keeps its clock, and whether processes share it, in bits of its own. Where these lie is the C
 * library's secret; two fresh variables that differ in nothing else tell. */
struct trait {
    size_t word;
    uint32_t mask, value;
};
static struct trait is_monotonic, is_shared;

#define COND_WORDS (sizeof(pthread_cond_t) / sizeof(uint32_t))

static void fresh(uint32_t *words, const pthread_condattr_t *attributes) {
    pthread_cond_t made;
    memset(&made, 0, sizeof made);
    real.pthread_cond_init(&made, attributes);
    memcpy(words, &made, sizeof made);
}

static struct trait difference(const uint32_t *plain, const uint32_t *other) {
    for (size_t i = 0; i < COND_WORDS; i++)
        if (plain[i] != other[i]) return (struct trait){i, plain[i] ^ other[i], other[i] & (plain[i] ^ other[i])};
    return (struct trait){0, 0, 1}; /* never true */
}

static bool has(const pthread_cond_t *condition, struct trait trait) {
    uint32_t word;
    memcpy(&word, (const char *)condition + trait.word * sizeof word, sizeof word);
    return (word & trait.mask) == trait.value;
}

void locks_prepare(void) {
    uint32_t plain[COND_WORDS], other[COND_WORDS];
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    fresh(plain, &attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    fresh(other, &attributes);
    is_monotonic = difference(plain, other);
    pthread_condattr_setclock(&attributes, CLOCK_REALTIME);
    pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    fresh(other, &attributes);
    is_shared = difference(plain, other);
    pthread_condattr_destroy(&attributes);
}

/* Between two slices a thread is not among the waiters, and a signal sent then is lost to it. So signals are counted:
 * if none came since the wait began, it may go on in silence; otherwise it returns early, as POSIX allows ("spurious
 * wake-up"), and the program looks for itself. Conditions that share a counter cost such a return, no more. */
#define COUNTERS 1024
static _Atomic int64_t counters[COUNTERS];

static _Atomic int64_t *counter_at(const void *condition) {
    return &counters[(uintptr_t)condition / sizeof(pthread_cond_t) % COUNTERS];
}

/* Other processes see a shared condition at another address: all of these have one counter. */
static _Atomic int64_t *counter_of(const pthread_cond_t *condition) {
    return drill && has(condition, is_shared) ? &drill->signals : counter_at(condition);
}

COVER(int, pthread_cond_signal, pthread_cond_t *condition) {
    prepare();
    atomic_fetch_add(counter_of(condition), 1);
    return real.pthread_cond_signal(condition);
}

COVER(int, pthread_cond_broadcast, pthread_cond_t *condition) {
    prepare();
    atomic_fetch_add(counter_of(condition), 1);
    return real.pthread_cond_broadcast(condition);
}

COVER(int, cnd_signal, void *condition) {
    prepare();
    atomic_fetch_add(counter_at(condition), 1);
    return real.cnd_signal(condition);
}

COVER(int, cnd_broadcast, void *condition) {
    prepare();
    atomic_fetch_add(counter_at(condition), 1);
    return real.cnd_broadcast(condition);
}

/* `wait` waits until a moment of the machine's `clock`. */
typedef int cond_wait(void *condition, void *mutex, clockid_t clock, span moment);

static int wait_by_own_clock(void *condition, void *mutex, clockid_t clock, span moment) {
    (void)clock;
    return real.pthread_cond_timedwait(condition, mutex, moment);
}

static int wait_by_clock(void *condition, void *mutex, clockid_t clock, span moment) {
    return real.pthread_cond_clockwait(condition, mutex, clock, moment);
}

static int wait_as_c11(void *condition, void *mutex, clockid_t clock, span moment) {
    (void)clock;
    int result = real.cnd_timedwait(condition, mutex, moment);
    return result == thrd_timedout ? ETIMEDOUT : result;
}

struct condition {
    void *itself, *mutex;
    cond_wait *wait;
    _Atomic int64_t *counter;
};

static int cond_until(struct condition on, clockid_t clock, span at) {
    int64_t before = atomic_load(on.counter), due = deadline_on(clock, at);
    int result;
    wait_begins(due);
    do {
        struct timespec moment = real_until(clock, slice_to(due));
        result = on.wait(on.itself, on.mutex, clock, &moment);
    } while (result == ETIMEDOUT && !is_over(due) && atomic_load(on.counter) == before);
    wait_ends();
    return result == ETIMEDOUT && !is_over(due) ? 0 : result;
}

COVER(int, pthread_cond_timedwait, pthread_cond_t *condition, pthread_mutex_t *mutex, span at) {
    prepare();
    clockid_t clock = drill && has(condition, is_monotonic) ? CLOCK_MONOTONIC : CLOCK_REALTIME;
    if (STAYS_REAL(clock, at)) return real.pthread_cond_timedwait(condition, mutex, at);
    return cond_until((struct condition){condition, mutex, wait_by_own_clock, counter_of(condition)}, clock, at);
}

COVER(int, pthread_cond_clockwait, pthread_cond_t *condition, pthread_mutex_t *mutex, clockid_t clock, span at) {
    if (STAYS_REAL(clock, at)) return real.pthread_cond_clockwait(condition, mutex, clock, at);
    return cond_until((struct condition){condition, mutex, wait_by_clock, counter_of(condition)}, clock, at);
}

/* C11 has names and results of its own. */
COVER(int, cnd_timedwait, void *condition, void *mutex, span at) {
    if (STAYS_REAL(CLOCK_REALTIME, at)) return real.cnd_timedwait(condition, mutex, at);
    struct condition on = {condition, mutex, wait_as_c11, counter_at(condition)};
    int result = cond_until(on, CLOCK_REALTIME, at);
    return result == ETIMEDOUT ? thrd_timedout : result;
}

/* ----------------------------------------------------------------------------------------------------------- locks */

COVER(int, mtx_timedlock, void *mutex, span at) {
    if (STAYS_REAL(CLOCK_REALTIME, at)) return real.mtx_timedlock(mutex, at);
    return UNTIL(CLOCK_REALTIME, at, real.mtx_timedlock(mutex, &moment), result == thrd_timedout);
}

#define COVER_LOCK(kind, timed, clocked)                                                                           \
    COVER(int, timed, kind *lock, span at) {                                                                       \
        if (STAYS_REAL(CLOCK_REALTIME, at)) return real.timed(lock, at);                                           \
        return UNTIL(CLOCK_REALTIME, at, real.timed(lock, &moment), BY_VALUE);                                     \
    }                                                                                                              \
    COVER(int, clocked, kind *lock, clockid_t clock, span at) {                                                    \
        if (STAYS_REAL(clock, at)) return real.clocked(lock, clock, at);                                           \
        return UNTIL(clock, at, real.clocked(lock, clock, &moment), BY_VALUE);                                     \
    }

COVER_LOCK(pthread_mutex_t, pthread_mutex_timedlock, pthread_mutex_clocklock)
COVER_LOCK(pthread_rwlock_t, pthread_rwlock_timedrdlock, pthread_rwlock_clockrdlock)
COVER_LOCK(pthread_rwlock_t, pthread_rwlock_timedwrlock, pthread_rwlock_clockwrlock)

/* glibc takes a missing limit as "no limit" here. */
COVER(int, pthread_timedjoin_np, pthread_t thread, void **value, span at) {
    if (prepare(), !at || STAYS_REAL(CLOCK_REALTIME, at)) return real.pthread_timedjoin_np(thread, value, at);
    return UNTIL(CLOCK_REALTIME, at, real.pthread_timedjoin_np(thread, value, &moment), BY_VALUE);
}

COVER(int, pthread_clockjoin_np, pthread_t thread, void **value, clockid_t clock, span at) {
    if (prepare(), !at || STAYS_REAL(clock, at)) return real.pthread_clockjoin_np(thread, value, clock, at);
    return UNTIL(clock, at, real.pthread_clockjoin_np(thread, value, clock, &moment), BY_VALUE);
}

COVER(int, sem_timedwait, sem_t *semaphore, span at) {
    if (STAYS_REAL(CLOCK_REALTIME, at)) return real.sem_timedwait(semaphore, at);
    return UNTIL(CLOCK_REALTIME, at, real.sem_timedwait(semaphore, &moment), BY_ERRNO);
}

COVER(int, sem_clockwait, sem_t *semaphore, clockid_t clock, span at) {
    if (STAYS_REAL(clock, at)) return real.sem_clockwait(semaphore, clock, at);
    return UNTIL(clock, at, real.sem_clockwait(semaphore, clock, &moment), BY_ERRNO);
}

/* ------------------------------------------------------------------------------------- queues, semaphores, signals */

COVER(ssize_t, mq_timedreceive, int queue, char *text, size_t room, unsigned *priority, span at) {
    if (prepare(), !at || STAYS_REAL(CLOCK_REALTIME, at))
        return real.mq_timedreceive(queue, text, room, priority, at);
    return UNTIL(CLOCK_REALTIME, at, real.mq_timedreceive(queue, text, room, priority, &moment), BY_ERRNO);
}

COVER(int, mq_timedsend, int queue, const char *text, size_t size, unsigned priority, span at) {
    if (prepare(), !at || STAYS_REAL(CLOCK_REALTIME, at)) return real.mq_timedsend(queue, text, size, priority, at);
    return UNTIL(CLOCK_REALTIME, at, real.mq_timedsend(queue, text, size, priority, &moment), BY_ERRNO);
}

static int semtimedop_for(int set, void *operations, size_t count, int64_t ns) {
    struct timespec limit = timespec_of(ns);
    return real.semtimedop(set, operations, count, &limit);
}

COVER(int, semtimedop, int set, void *operations, size_t count, span limit) {
    prepare();
    if (!drill || !limit || !is_proper_wait(limit)) return real.semtimedop(set, operations, count, limit);
    return IN_SLICES(in_ns(ns_in(limit)), step, semtimedop_for(set, operations, count, step), BY_EAGAIN);
}

static int sigtimedwait_for(const sigset_t *signals, siginfo_t *about, int64_t ns) {
    struct timespec limit = timespec_of(ns);
    return real.sigtimedwait(signals, about, &limit);
}

COVER(int, sigtimedwait, const sigset_t *signals, siginfo_t *about, span limit) {
    prepare();
    if (!drill || !limit || !is_proper_wait(limit)) return real.sigtimedwait(signals, about, limit);
    return IN_SLICES(in_ns(ns_in(limit)), step, sigtimedwait_for(signals, about, step), BY_EAGAIN);
}

/* -------------------------------------------------------------------------------------------------------- syscall() */

/* The kernel's numbers (futex(2)); its header is not everywhere. */
enum { FUTEX_WAIT = 0, FUTEX_LOCK_PI = 6, FUTEX_WAIT_BITSET = 9, FUTEX_PRIVATE = 128, FUTEX_CLOCK_REALTIME = 256 };

/* Rust's standard library, C++ runtimes and abseil call futexes by number. A wait is repeated only while the word has
 * its value: the kernel looks again each time. */
static long futex_for(const long *a, int64_t ns) {
    struct timespec limit = timespec_of(ns);
    return real.syscall(SYS_futex, a[0], a[1], a[2], (long)&limit, a[4], a[5]);
}

static long futex_until(const long *a, clockid_t clock, int64_t ns) {
    struct timespec moment = real_until(clock, ns);
    return real.syscall(SYS_futex, a[0], a[1], a[2], (long)&moment, a[4], a[5]);
}

static long futex(const long *a) {
    span limit = (span)a[3];
    int command = (int)a[1] & ~(FUTEX_PRIVATE | FUTEX_CLOCK_REALTIME);
    clockid_t clock = a[1] & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC;
    bool is_wait = command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET || command == FUTEX_LOCK_PI;
    if (!drill || !is_wait || !limit || !is_proper_wait(limit))
        return real.syscall(SYS_futex, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (command == FUTEX_WAIT) return IN_SLICES(in_ns(ns_in(limit)), step, futex_for(a, step), BY_ERRNO);
    if (command == FUTEX_LOCK_PI) clock = CLOCK_REALTIME; /* it knows no other */
    return IN_SLICES(deadline_on(clock, limit), step, futex_until(a, clock, step), BY_ERRNO);
}

static long by_errno(int problem) {
    if (!problem) return 0;
    errno = problem;
    return -1;
}

/* Waits and clocks by number come to the same functions as those by name; everything else goes to the kernel. */
COVER(long, syscall, long number, long a, long b, long c, long d, long e, long f) {
    prepare();
    switch (number) {
    case SYS_futex: return futex((long[]){a, b, c, d, e, f});
    case SYS_clock_gettime: return clock_gettime((clockid_t)a, (struct timespec *)b);
    case SYS_gettimeofday: return gettimeofday((struct timeval *)a, (void *)b);
    case SYS_nanosleep: return nanosleep((span)a, (struct timespec *)b);
    case SYS_clock_nanosleep: return by_errno(clock_nanosleep((clockid_t)a, (int)b, (span)c, (struct timespec *)d));
#ifdef SYS_time
    case SYS_time: return time((time_t *)a);
#endif
#ifdef SYS_poll
    case SYS_poll: return poll((struct pollfd *)a, (nfds_t)b, (int)c);
#endif
#ifdef SYS_epoll_wait
    case SYS_epoll_wait: return epoll_wait((int)a, (struct epoll_event *)b, (int)c, (int)d);
#endif
    case SYS_epoll_pwait: return epoll_pwait((int)a, (struct epoll_event *)b, (int)c, (int)d, (const sigset_t *)e);
    default: return real.syscall(number, a, b, c, d, e, f);
    }
}
