/* The real functions, the shared file, and the slot in which a thread shows until when it waits. */
#include "drill_clock.h"
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct drill_shared *drill;
bool prepared;

/* ------------------------------------------------------------------------------------------------- real functions */

/* Looking symbols up may allocate, and an allocator may ask for the time: then the kernel answers. */
static int kernel_clock_gettime(clockid_t clock, struct timespec *t) {
    long result = -ENOSYS;
#if defined(__x86_64__)
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "0"((long)SYS_clock_gettime), "D"((long)clock), "S"(t)
                     : "rcx", "r11", "memory");
#elif defined(__aarch64__)
    register long number __asm__("x8") = SYS_clock_gettime;
    register long first __asm__("x0") = clock;
    register long second __asm__("x1") = (long)t;
    __asm__ volatile("svc 0" : "+r"(first) : "r"(number), "r"(second) : "memory");
    result = first;
#endif
    if (result == 0) return 0;
    errno = (int)-result;
    return -1;
}

struct real_functions real = {.clock_gettime = kernel_clock_gettime};

/* What this C library does not have fails as an unknown system call does: by errno, or by its value. */
static long missing(void) {
    errno = ENOSYS;
    return -1;
}
static long missing_by_value(void) { return ENOSYS; }

/* Absent from musl. In glibc a plain name may stand for the condition variables of the year 2002, which are others. */
extern void *dlvsym(void *, const char *, const char *) __attribute__((weak));

static void *find(const char *name) {
    void *found = NULL;
    if (dlvsym && !strncmp(name, "pthread_cond_", 13)) found = dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2");
    if (!found) found = dlsym(RTLD_NEXT, name);
    if (found) return found;
    return (void *)(strncmp(name, "pthread_", 8) ? missing : missing_by_value);
}

static void find_real_functions(void) {
    struct real_functions found;
#define FIND(type, name, arguments) found.name = (type(*) arguments)find(#name);
    REAL_FUNCTIONS(FIND)
#undef FIND
    real = found;
}

/* ------------------------------------------------------------------------------------------------ the shared file */

static struct drill_shared *mapped(const char *path) {
    struct stat about;
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) return NULL;
    struct drill_shared *found = MAP_FAILED;
    if (!fstat(file, &about) && (size_t)about.st_size >= sizeof(struct drill_shared))
        found = mmap(NULL, (size_t)about.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (found == MAP_FAILED) return NULL;
    size_t room = ((size_t)about.st_size - sizeof(struct drill_shared)) / sizeof(struct drill_slot);
    return found->magic == DRILL_MAGIC && found->slots >= 0 && (size_t)found->slots <= room ? found : NULL;
}

/* ----------------------------------------------------------------------------------------------------------- slots */

static struct drill_slot nowhere; /* for threads that find no slot: nobody looks at it */
static __thread struct drill_slot *own __attribute__((tls_model("initial-exec")));
static pthread_key_t at_thread_end;

int64_t own_id(void) { return (int64_t)getpid() << 32 | real.syscall(SYS_gettid, 0, 0, 0, 0, 0, 0); }

static bool take(struct drill_slot *slot, int64_t from, int64_t owner) {
    return atomic_compare_exchange_strong(&slot->owner, &from, owner);
}

static bool is_dead(int64_t owner) {
    int before = errno;
    bool gone = real.syscall(SYS_tgkill, owner >> 32, owner & 0xffffffff, 0, 0, 0, 0) && errno == ESRCH;
    errno = before;
    return gone;
}

static void mark_used(int64_t count) {
    int64_t before = atomic_load(&drill->used);
    while (before < count && !atomic_compare_exchange_weak(&drill->used, &before, count)) continue;
}

/* The owner's slot of before an exec, one that nobody has, or that of a dead thread, in this order. */
struct drill_slot *slot_for(int64_t owner) {
    int64_t used = atomic_load(&drill->used);
    for (int64_t i = 0; i < used; i++)
        if (atomic_load(&drill->slot[i].owner) == owner) return &drill->slot[i];
    for (int64_t i = 0; i < drill->slots; i++) {
        if (!take(&drill->slot[i], 0, owner)) continue;
        mark_used(i + 1);
        return &drill->slot[i];
    }
    for (int64_t i = 0; i < drill->slots; i++) {
        int64_t other = atomic_load(&drill->slot[i].owner);
        if (other && is_dead(other) && take(&drill->slot[i], other, owner)) return &drill->slot[i];
    }
    return &nowhere;
}

static void leave(void *slot) {
    own = NULL;
    if (slot == &nowhere) return;
    atomic_store(&((struct drill_slot *)slot)->due, DRILL_RUNNING);
    atomic_store(&((struct drill_slot *)slot)->owner, 0);
}

static struct drill_slot *own_slot(void) {
    if (__builtin_expect(!own, 0)) {
        int before = errno;
        own = slot_for(own_id());
        pthread_setspecific(at_thread_end, own);
        errno = before;
    }
    return own;
}

static void count(struct drill_slot *slot) {
    if (slot == &nowhere) atomic_fetch_add_explicit(&drill->others, 1, memory_order_release);
    else atomic_fetch_add_explicit(&slot->turns, 1, memory_order_release);
}

/* ----------------------------------------------------------------------------------------------------------- waits */

void wait_begins(int64_t due) {
    struct drill_slot *slot = own_slot();
    atomic_store_explicit(&slot->begun, drill_now(), memory_order_relaxed);
    atomic_store_explicit(&slot->due, due, memory_order_release);
    count(slot);
}

void wait_ends(void) {
    struct drill_slot *slot = own_slot();
    atomic_store_explicit(&slot->due, DRILL_RUNNING, memory_order_relaxed);
    count(slot);
}

int64_t slice_to(int64_t due) {
    /* Shown anew with every slice: a signal handler may have waited in between and left its own deadline. */
    atomic_store_explicit(&own_slot()->due, due, memory_order_release);
    int64_t left = later(due, -drill_now());
    int64_t slice = atomic_load_explicit(&drill->slice_ns, memory_order_relaxed);
    if (left <= 0) return 0;
    return left < slice ? left : slice;
}

/* -------------------------------------------------------------------------------------------------------- start-up */

static void after_fork(void) {
    own = NULL; /* the parent's: the child takes one of its own when it waits */
    pthread_setspecific(at_thread_end, NULL);
    timers_after_fork();
}

/* glibc keeps pthread_atfork() out of its shared library, and has this instead; musl does not. */
extern int __register_atfork(void (*)(void), void (*)(void), void (*)(void), void *) __attribute__((weak));
extern int pthread_atfork(void (*)(void), void (*)(void), void (*)(void)) __attribute__((weak));

static void call_after_fork(void) {
    if (__register_atfork) __register_atfork(NULL, NULL, after_fork, NULL);
    else if (pthread_atfork) pthread_atfork(NULL, NULL, after_fork);
}

void prepare_once(void) {
    static atomic_flag begun = ATOMIC_FLAG_INIT;
    if (atomic_flag_test_and_set(&begun)) return; /* from within the look-ups below */
    int before = errno;
    find_real_functions();
    const char *path = getenv("DRILL_CLOCK");
    struct drill_shared *found = path && *path ? mapped(path) : NULL;
    if (found && !pthread_key_create(&at_thread_end, leave)) {
        call_after_fork();
        locks_prepare();
        drill = found;
        timers_prepare();
    }
    prepared = true;
    errno = before;
}

__attribute__((constructor)) static void start(void) { prepare(); }
