/* Every function that waits with a limit, by name: `waits NAME` waits for an hour of the drill, then prints how long that
 * was on CLOCK_MONOTONIC and on time(), in whole seconds. `waits errors` prints how wrong limits are answered. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ipc.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#define HOUR 3600
static struct timespec after(clockid_t clock, int seconds) {
    struct timespec t;
    clock_gettime(clock, &t);
    t.tv_sec += seconds;
    return t;
}
static const struct timespec hour = {HOUR, 0};
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, taken = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static sem_t semaphore;
static void handler(int number) { (void)number; }

static int cond(clockid_t clock, int by_clock, int shared) {
    pthread_condattr_t attributes;
    pthread_cond_t condition;
    struct timespec at = after(clock, HOUR);
    pthread_condattr_init(&attributes);
    if (!by_clock) pthread_condattr_setclock(&attributes, clock);
    if (shared) pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_cond_init(&condition, &attributes);
    pthread_mutex_lock(&mutex);
    int result = 0;
    while (!result)
        result = by_clock ? pthread_cond_clockwait(&condition, &mutex, clock, &at)
                          : pthread_cond_timedwait(&condition, &mutex, &at);
    return result == ETIMEDOUT;
}

static void *hold(void *nothing) {
    pthread_mutex_lock(&taken);
    pthread_rwlock_wrlock(&rwlock);
    sem_post(&semaphore);
    while (1) pause();
    return nothing;
}
static pthread_t holder(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, hold, NULL);
    sem_wait(&semaphore);
    return thread;
}

static int timer_file(clockid_t clock, int flags, int times) {
    int file = timerfd_create(clock, 0);
    struct itimerspec when = {{times > 1 ? HOUR / times : 0, 0}, {HOUR / times, 0}};
    if (flags) when.it_value = after(clock, HOUR);
    timerfd_settime(file, flags, &when, NULL);
    uint64_t count, sum = 0;
    while (sum < (uint64_t)times && read(file, &count, sizeof count) == sizeof count) sum += count;
    return sum == (uint64_t)times;
}
static int timer_signal(clockid_t clock, int flags) {
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
    struct itimerspec when = {{0, 0}, {HOUR, 0}};
    if (flags) when.it_value = after(clock, HOUR);
    timer_create(clock, &event, &timer);
    timer_settime(timer, flags, &when, NULL);
    pause();
    return !timer_delete(timer);
}
static int files(int which) {
    int pipe_ends[2], queue = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    if (pipe(pipe_ends) || epoll_ctl(queue, EPOLL_CTL_ADD, pipe_ends[0], &event)) return 0;
    struct pollfd file = {pipe_ends[0], POLLIN, 0};
    struct timeval limit = {HOUR, 0};
    fd_set set;
    FD_ZERO(&set);
    FD_SET(pipe_ends[0], &set);
    switch (which) {
    case 0: return poll(&file, 1, HOUR * 1000) == 0;
    case 1: return ppoll(&file, 1, &hour, NULL) == 0;
    case 2: return select(pipe_ends[0] + 1, &set, NULL, NULL, &limit) == 0 && !limit.tv_sec && !FD_ISSET(pipe_ends[0], &set);
    case 3: return pselect(pipe_ends[0] + 1, &set, NULL, NULL, &hour, NULL) == 0;
    case 4: return epoll_wait(queue, &event, 1, HOUR * 1000) == 0;
    case 5: return epoll_pwait(queue, &event, 1, HOUR * 1000, NULL) == 0;
    default: return epoll_pwait2(queue, &event, 1, &hour, NULL) == 0;
    }
}
static int queue_wait(int sending) {
    char name[64], text[8] = "x";
    struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = sizeof text};
    snprintf(name, sizeof name, "/drill-%d", (int)getpid());
    mqd_t queue = mq_open(name, O_CREAT | O_RDWR, 0600, &attributes);
    if (queue == (mqd_t)-1) return 2;
    mq_unlink(name);
    struct timespec at = after(CLOCK_REALTIME, HOUR);
    if (!sending) return mq_timedreceive(queue, text, sizeof text, NULL, &at) < 0 && errno == ETIMEDOUT;
    mq_send(queue, text, 1, 0);
    return mq_timedsend(queue, text, 1, 0, &at) < 0 && errno == ETIMEDOUT;
}
static int semaphores(void) {
    int set = semget(IPC_PRIVATE, 1, 0600);
    struct sembuf take = {0, -1, 0};
    int result = semtimedop(set, &take, 1, &hour) < 0 && errno == EAGAIN;
    semctl(set, 0, IPC_RMID);
    return result;
}
static int c11(int locking) {
    mtx_t lock;
    cnd_t condition;
    struct timespec at = after(CLOCK_REALTIME, HOUR);
    mtx_init(&lock, mtx_timed);
    cnd_init(&condition);
    mtx_lock(&lock);
    if (locking) return mtx_timedlock(&lock, &at) == thrd_timedout;
    int result = thrd_success;
    while (result == thrd_success) result = cnd_timedwait(&condition, &lock, &at);
    return result == thrd_timedout;
}
static int futex(int operation, clockid_t clock, int relative) {
    uint32_t word = 0;
    struct timespec at = relative ? hour : after(clock, HOUR);
    return syscall(SYS_futex, &word, operation, 0, &at, NULL, -1) < 0 && errno == ETIMEDOUT;
}

#define UNTIL(clock) (struct timespec[]){after(clock, HOUR)}
#define WAITS(X)                                                                                                   \
    X(sleep, sleep(HOUR) == 0)                                                                                     \
    X(usleep, usleep(HOUR * 1000000u) == 0)                                                                        \
    X(nanosleep, nanosleep(&hour, NULL) == 0)                                                                      \
    X(clock_nanosleep, clock_nanosleep(CLOCK_BOOTTIME, 0, &hour, NULL) == 0)                                       \
    X(clock_nanosleep_until, clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, UNTIL(CLOCK_REALTIME), NULL) == 0)     \
    X(thrd_sleep, thrd_sleep(&hour, NULL) == 0)                                                                    \
    X(syscall_nanosleep, syscall(SYS_nanosleep, &hour, NULL) == 0)                                                 \
    X(poll, files(0)) X(ppoll, files(1)) X(select, files(2)) X(pselect, files(3))                                  \
    X(epoll_wait, files(4)) X(epoll_pwait, files(5)) X(epoll_pwait2, files(6))                                     \
    X(cond_timedwait, cond(CLOCK_REALTIME, 0, 0)) X(cond_timedwait_monotonic, cond(CLOCK_MONOTONIC, 0, 0))         \
    X(cond_clockwait, cond(CLOCK_MONOTONIC, 1, 0)) X(cond_shared, cond(CLOCK_MONOTONIC, 0, 1))                     \
    X(cnd_timedwait, c11(0)) X(mtx_timedlock, c11(1))                                                              \
    X(mutex_timedlock, (holder(), pthread_mutex_timedlock(&taken, UNTIL(CLOCK_REALTIME)) == ETIMEDOUT))            \
    X(mutex_clocklock,                                                                                             \
      (holder(), pthread_mutex_clocklock(&taken, CLOCK_MONOTONIC, UNTIL(CLOCK_MONOTONIC)) == ETIMEDOUT))           \
    X(rwlock_timedrdlock, (holder(), pthread_rwlock_timedrdlock(&rwlock, UNTIL(CLOCK_REALTIME)) == ETIMEDOUT))     \
    X(rwlock_clockwrlock,                                                                                          \
      (holder(), pthread_rwlock_clockwrlock(&rwlock, CLOCK_MONOTONIC, UNTIL(CLOCK_MONOTONIC)) == ETIMEDOUT))       \
    X(timedjoin, pthread_timedjoin_np(holder(), NULL, UNTIL(CLOCK_REALTIME)) == ETIMEDOUT)                         \
    X(sem_timedwait, sem_timedwait(&semaphore, UNTIL(CLOCK_REALTIME)) < 0 && errno == ETIMEDOUT)                   \
    X(sem_clockwait, sem_clockwait(&semaphore, CLOCK_MONOTONIC, UNTIL(CLOCK_MONOTONIC)) < 0 && errno == ETIMEDOUT) \
    X(mq_timedreceive, queue_wait(0)) X(mq_timedsend, queue_wait(1)) X(semtimedop, semaphores())                   \
    X(sigtimedwait, sigtimedwait((sigset_t[]){{{2}}}, NULL, &hour) < 0 && errno == EAGAIN)                         \
    X(futex, futex(FUTEX_WAIT, CLOCK_MONOTONIC, 1)) X(futex_until, futex(FUTEX_WAIT_BITSET, CLOCK_MONOTONIC, 0))   \
    X(futex_until_wall, futex(FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, CLOCK_REALTIME, 0))                        \
    X(alarm, (alarm(HOUR), pause() < 0))                                                                           \
    X(setitimer, (setitimer(ITIMER_REAL, &(struct itimerval){{0, 0}, {HOUR, 0}}, NULL), pause() < 0))              \
    X(timer_settime, timer_signal(CLOCK_MONOTONIC, 0)) X(timer_until, timer_signal(CLOCK_REALTIME, TIMER_ABSTIME)) \
    X(timerfd, timer_file(CLOCK_MONOTONIC, 0, 1)) X(timerfd_repeats, timer_file(CLOCK_MONOTONIC, 0, 4))            \
    X(timerfd_until, timer_file(CLOCK_REALTIME, TFD_TIMER_ABSTIME, 1))

static int wait_by(const char *name) {
#define TRY(word, call) if (!strcmp(name, #word)) return (call);
    WAITS(TRY)
    return -1;
}

#define ANSWER(call)                                                                                               \
    do {                                                                                                           \
        errno = 0;                                                                                                 \
        long result = (long)(call);                                                                                \
        printf("%s: %ld %d\n", #call, result, errno);                                                              \
    } while (0)
static void errors(void) {
    struct timespec bad = {0, 1000000000}, negative = {-1, 0}, past = {1, 0}, zero = {0, 0}, left = {7, 7};
    struct pollfd none = {-1, POLLIN, 0};
    pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
    pthread_mutex_lock(&mutex);
    ANSWER(nanosleep(&bad, &left)); ANSWER(nanosleep(&negative, &left)); ANSWER(nanosleep(&zero, &left));
    ANSWER(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &past, NULL)); ANSWER(clock_nanosleep(99, 0, &zero, NULL));
    ANSWER(poll(&none, 1, 0)); ANSWER(ppoll(&none, 1, &bad, NULL)); ANSWER(ppoll(&none, 1, &negative, NULL));
    ANSWER(select(-1, NULL, NULL, NULL, &(struct timeval){1, 0})); ANSWER(select(0, NULL, NULL, NULL, &(struct timeval){-1, 0}));
    ANSWER(select(0, NULL, NULL, NULL, &(struct timeval){0, 2500}));
    ANSWER(epoll_wait(-1, &(struct epoll_event){0}, 1, 5)); ANSWER(epoll_pwait2(-1, NULL, 0, &bad, NULL));
    ANSWER(pthread_cond_timedwait(&condition, &mutex, &bad)); ANSWER(pthread_cond_timedwait(&condition, &mutex, &past));
    ANSWER(pthread_mutex_timedlock(&taken, &past)); ANSWER(pthread_mutex_timedlock(&taken, &past));
    ANSWER(pthread_mutex_timedlock(&taken, &bad)); ANSWER(pthread_rwlock_timedrdlock(&rwlock, &past));
    ANSWER(sem_timedwait(&semaphore, &past)); ANSWER(sem_timedwait(&semaphore, &bad));
    ANSWER(sigtimedwait((sigset_t[]){{{2}}}, NULL, &bad)); ANSWER(sigtimedwait((sigset_t[]){{{2}}}, NULL, &zero));
    ANSWER(timerfd_settime(-1, 0, &(struct itimerspec){{0, 0}, {1, 0}}, NULL));
    ANSWER(setitimer(ITIMER_REAL, &(struct itimerval){{0, 0}, {-1, 0}}, NULL)); ANSWER(clock_gettime(99, &left));
    ANSWER(syscall(-1)); ANSWER(usleep(0)); ANSWER(timespec_get(&left, 99)); ANSWER(gettimeofday(NULL, NULL));
    alarm(50); ANSWER(alarm(0));
}

int main(int count, char **words) {
    struct timespec begun;
    if (count < 2) return 2;
    signal(SIGALRM, handler);
    sem_init(&semaphore, 0, 0);
    if (!strcmp(words[1], "names")) {
#define PRINT(word, call) puts(#word);
        WAITS(PRINT)
        return 0;
    }
    if (!strcmp(words[1], "errors")) return errors(), 0;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    time_t wall = time(NULL);
    int result = wait_by(words[1]);
    struct timespec ended;
    clock_gettime(CLOCK_MONOTONIC, &ended);
    printf("%d %ld %ld\n", result, (long)(ended.tv_sec - begun.tv_sec), (long)(time(NULL) - wall));
    fflush(stdout);
    _exit(0);
}
