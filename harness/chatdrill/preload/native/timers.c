/* Timers of the kernel: timerfd, setitimer, alarm, timer_create.
 *
 * They count the machine's time, so that a jump has to shorten them. The first one that a program sets starts a thread
 * here, the keeper: it looks at every slice whether time has jumped, and shows the earliest timer as its own deadline.
 * It ends when no timer is set any more. What the kernel says of the time left is the truth; nothing is kept twice.
 *
 * A timer that repeats fires once after a jump, however many of its periods lay in between.
 * A program that replaces itself (exec) keeps an alarm in the kernel; it is not shortened from then on.
 */
#include "drill_clock.h"
#include <string.h>
#include <sys/timerfd.h>

enum kind { FREE, BY_FILE, BY_ID, OF_PROCESS };

struct timer {
    enum kind kind;
    bool is_set;
    clockid_t clock;
    int file;
    timer_t id;
};

#define TIMERS_MAX 256 /* further ones keep the machine's time */
static struct timer timers[TIMERS_MAX];
static int64_t seen_ns; /* the jumps that the timers know of */
static bool keeper_runs;
static atomic_flag lock = ATOMIC_FLAG_INIT;

/* Timers may be set in signal handlers: none may come while the lock is held. */
static void enter(sigset_t *before) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, before);
    struct timespec moment = {0, 50000};
    while (atomic_flag_test_and_set(&lock)) real.clock_nanosleep(CLOCK_MONOTONIC, 0, &moment, NULL);
}

static void leave_with(const sigset_t *before) {
    int result = errno;
    atomic_flag_clear(&lock);
    pthread_sigmask(SIG_SETMASK, before, NULL);
    errno = result;
}

/* ----------------------------------------------------------------------------------------------------- the kernel */

static int read_timer(const struct timer *timer, struct itimerspec *now) {
    struct itimerval value;
    if (timer->kind == BY_FILE) return real.timerfd_gettime(timer->file, now);
    if (timer->kind == BY_ID) return real.timer_gettime(timer->id, now);
    if (real.getitimer(ITIMER_REAL, &value)) return -1;
    *now = (struct itimerspec){{value.it_interval.tv_sec, value.it_interval.tv_usec * 1000},
                               {value.it_value.tv_sec, value.it_value.tv_usec * 1000}};
    return 0;
}

static void write_timer(const struct timer *timer, const struct itimerspec *next) {
    if (timer->kind == BY_FILE) real.timerfd_settime(timer->file, 0, next, NULL);
    else if (timer->kind == BY_ID) real.timer_settime(timer->id, 0, next, NULL);
    else {
        struct itimerval value = {{next->it_interval.tv_sec, next->it_interval.tv_nsec / 1000},
                                  {next->it_value.tv_sec, (next->it_value.tv_nsec + 999) / 1000}};
        if (value.it_value.tv_usec == 1000000) value.it_value.tv_sec++, value.it_value.tv_usec = 0;
        real.setitimer(ITIMER_REAL, &value, NULL);
    }
}

/* The time left, ns; 0 if the timer is not set, or is a file that was closed. */
static int64_t left_on(struct timer *timer, struct itimerspec *now) {
    if (!timer->is_set) return 0;
    int64_t left = read_timer(timer, now) ? 0 : ns_in(&now->it_value);
    timer->is_set = left > 0;
    return left;
}

static void shorten(struct timer *timer, int64_t by_ns) {
    struct itimerspec now;
    int64_t left = left_on(timer, &now);
    if (left <= 0) return;
    now.it_value = timespec_of(left > by_ns ? left - by_ns : 1);
    write_timer(timer, &now);
}

/* Every timer learns of the jumps so far; only then a new one may be set, from now. */
static void catch_up(void) {
    int64_t jumped = ahead_ns(CLOCK_MONOTONIC);
    for (int i = 0; jumped != seen_ns && i < TIMERS_MAX; i++) shorten(&timers[i], jumped - seen_ns);
    seen_ns = jumped;
}

static int64_t earliest(void) {
    struct itimerspec now;
    int64_t due = DRILL_FOREVER;
    for (int i = 0; i < TIMERS_MAX; i++) {
        int64_t left = left_on(&timers[i], &now);
        if (left > 0 && in_ns(left) < due) due = in_ns(left);
    }
    return due;
}

/* ----------------------------------------------------------------------------------------------------- the keeper */

static int64_t keep(void) {
    sigset_t before;
    enter(&before);
    catch_up();
    int64_t due = earliest();
    keeper_runs = due != DRILL_FOREVER;
    leave_with(&before);
    return due;
}

#define PAUSE_MIN_NS 100000 /* a timer that is due fires by itself: no need to spin until it has */

static void *keeper(void *nothing) {
    wait_begins(DRILL_FOREVER);
    for (int64_t due = keep(); due != DRILL_FOREVER; due = keep()) {
        int64_t step = slice_to(due);
        struct timespec pause = timespec_of(step > PAUSE_MIN_NS ? step : PAUSE_MIN_NS);
        real.clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
    }
    wait_ends();
    return nothing;
}

#define KEEPER_STACK_BYTES (256 * 1024)

/* Called with all signals blocked: the keeper inherits that and never runs a handler of the program's. */
static void start_keeper(void) {
    pthread_t thread;
    pthread_attr_t attributes;
    if (keeper_runs || pthread_attr_init(&attributes)) return;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, KEEPER_STACK_BYTES);
    keeper_runs = !pthread_create(&thread, &attributes, keeper, NULL);
    pthread_attr_destroy(&attributes);
}

void timers_prepare(void) { seen_ns = ahead_ns(CLOCK_MONOTONIC); }

/* A child has neither the keeper nor its parent's timers, except timerfds: those are the same ones, and the parent's
 * keeper goes on shortening them. */
void timers_after_fork(void) {
    atomic_flag_clear(&lock);
    keeper_runs = false;
    memset(timers, 0, sizeof timers);
    seen_ns = ahead_ns(CLOCK_MONOTONIC);
}

/* ------------------------------------------------------------------------------------------------------ the table */

static bool is_same(const struct timer *a, const struct timer *b) {
    return a->kind == b->kind && (a->kind == OF_PROCESS || (a->kind == BY_FILE ? a->file == b->file : a->id == b->id));
}

static struct timer *found(const struct timer *wanted) {
    for (int i = 0; i < TIMERS_MAX; i++)
        if (is_same(&timers[i], wanted)) return &timers[i];
    return NULL;
}

/* A file may have been closed without a word: its place is taken when there is no other. */
static struct timer *room(void) {
    struct timer *idle = NULL;
    for (int i = 0; i < TIMERS_MAX; i++) {
        if (timers[i].kind == FREE) return &timers[i];
        if (timers[i].kind == BY_FILE && !timers[i].is_set) idle = &timers[i];
    }
    return idle;
}

static struct timer *place_of(struct timer wanted) {
    struct timer *place = found(&wanted);
    if (place) return place;
    place = room();
    if (place) *place = wanted;
    return place;
}

static void remember(struct timer made) {
    sigset_t before;
    enter(&before);
    struct timer *place = place_of(made);
    if (place) *place = made;
    leave_with(&before);
}

static void is_now(struct timer *place, bool set) {
    if (!place) return;
    place->is_set = set;
    if (set) start_keeper();
}

/* Moments become durations: the kernel does not know the drill's clock. */
static struct itimerspec from_now(clockid_t clock, bool is_moment, const struct itimerspec *wanted) {
    struct itimerspec next = *wanted;
    if (!is_moment || !ns_in(&wanted->it_value)) return next;
    int64_t left = later(deadline_on(clock, &wanted->it_value), -drill_now());
    next.it_value = timespec_of(left > 0 ? left : 1);
    return next;
}

static bool is_proper_timer(const struct itimerspec *wanted) {
    return wanted && is_proper_wait(&wanted->it_value) && is_proper_wait(&wanted->it_interval);
}

/* ------------------------------------------------------------------------------------------------------- timerfd */

COVER(int, timerfd_create, int clock, int flags) {
    prepare();
    int file = real.timerfd_create(clock, flags);
    if (drill && file >= 0) remember((struct timer){.kind = BY_FILE, .clock = clock, .file = file});
    return file;
}

COVER(int, timerfd_settime, int file, int flags, const struct itimerspec *wanted, struct itimerspec *old) {
    prepare();
    /* Who wants to hear that the machine's clock was set is not asking for a moment of the drill. */
    if (!drill || !is_proper_timer(wanted) || flags & TFD_TIMER_CANCEL_ON_SET)
        return real.timerfd_settime(file, flags, wanted, old);
    sigset_t before;
    enter(&before);
    catch_up();
    struct timer *place = place_of((struct timer){.kind = BY_FILE, .clock = CLOCK_MONOTONIC, .file = file});
    clockid_t clock = place ? place->clock : CLOCK_MONOTONIC;
    struct itimerspec next = from_now(clock, flags & TFD_TIMER_ABSTIME, wanted);
    int failed = real.timerfd_settime(file, flags & ~TFD_TIMER_ABSTIME, &next, old);
    if (!failed) is_now(place, ns_in(&next.it_value) > 0);
    leave_with(&before);
    return failed;
}

/* -------------------------------------------------------------------------------------------- timers of a process */

COVER(int, timer_create, clockid_t clock, void *event, timer_t *id) {
    prepare();
    int failed = real.timer_create(clock, event, id);
    if (drill && !failed && moves(clock)) remember((struct timer){.kind = BY_ID, .clock = clock, .id = *id});
    return failed;
}

COVER(int, timer_settime, timer_t id, int flags, const struct itimerspec *wanted, struct itimerspec *old) {
    prepare();
    if (!drill || !is_proper_timer(wanted)) return real.timer_settime(id, flags, wanted, old);
    sigset_t before;
    enter(&before);
    catch_up();
    struct timer *place = found(&(struct timer){.kind = BY_ID, .id = id}); /* none: it counts processor time */
    struct itimerspec next = place ? from_now(place->clock, flags & TIMER_ABSTIME, wanted) : *wanted;
    int failed = real.timer_settime(id, place ? flags & ~TIMER_ABSTIME : flags, &next, old);
    if (!failed) is_now(place, ns_in(&next.it_value) > 0);
    leave_with(&before);
    return failed;
}

COVER(int, timer_delete, timer_t id) {
    prepare();
    if (!drill) return real.timer_delete(id);
    sigset_t before;
    enter(&before);
    struct timer *place = found(&(struct timer){.kind = BY_ID, .id = id});
    if (place) *place = (struct timer){.kind = FREE};
    int failed = real.timer_delete(id);
    leave_with(&before);
    return failed;
}

COVER(int, setitimer, int which, const struct itimerval *wanted, struct itimerval *old) {
    prepare();
    if (!drill || which != ITIMER_REAL || !wanted) return real.setitimer(which, wanted, old);
    sigset_t before;
    enter(&before);
    catch_up();
    int failed = real.setitimer(which, wanted, old);
    bool is_set = wanted->it_value.tv_sec || wanted->it_value.tv_usec;
    if (!failed) is_now(place_of((struct timer){.kind = OF_PROCESS, .clock = CLOCK_REALTIME}), is_set);
    leave_with(&before);
    return failed;
}

COVER(unsigned, alarm, unsigned seconds) {
    prepare();
    if (!drill) return real.alarm(seconds);
    sigset_t before;
    enter(&before);
    catch_up();
    unsigned left = real.alarm(seconds);
    is_now(place_of((struct timer){.kind = OF_PROCESS, .clock = CLOCK_REALTIME}), seconds > 0);
    leave_with(&before);
    return left;
}

COVER(useconds_t, ualarm, useconds_t us, useconds_t every_us) {
    struct itimerval old = {{0, 0}, {0, 0}};
    struct itimerval wanted = {{every_us / 1000000, every_us % 1000000}, {us / 1000000, us % 1000000}};
    drill_setitimer(ITIMER_REAL, &wanted, &old);
    return (useconds_t)(old.it_value.tv_sec * 1000000 + old.it_value.tv_usec);
}
