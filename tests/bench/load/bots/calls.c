/* Replies: when they are due, the calls that make them, and what is written down of them. */
#include "echo.h"

static u64 timer_ns; /* what the timer is set to; 0 if it is not */
static struct { struct job **jobs; size_t used, room; } later; /* a heap by the moment due */

/* ---- the truth ---- */

static void write_row(struct job *job, u64 replied)
{
    if (!truth || !job->counts) return;
    job->counts = false;
    fprintf(truth, "%s,%.*s,%.*s,%llu,%llu,", job->platform->name, (int)length_of(job->customer), job->customer.at,
            (int)length_of(job->message), job->message.at, job->arrived, job->read);
    if (replied) fprintf(truth, "%llu", replied);
    fputc('\n', truth);
}

void finish_truth(void)
{
    for (size_t i = 0; i < later.used; i++) write_row(later.jobs[i], 0);
    for (int i = 0; i < PLATFORM_COUNT; i++)
        for (struct job *job = platforms[i].first; job; job = job->next) write_row(job, 0);
    if (truth && fclose(truth)) fail("the truth could not be written");
}

/* ---- replies that are due later ---- */

static void push_later(struct job *job)
{
    if (later.used == later.room) {
        later.room = later.room ? later.room * 2 : 1024;
        later.jobs = realloc(later.jobs, later.room * sizeof *later.jobs);
        if (!later.jobs) fail("no memory");
    }
    size_t at = later.used++;
    for (; at && later.jobs[(at - 1) / 2]->due > job->due; at = (at - 1) / 2) later.jobs[at] = later.jobs[(at - 1) / 2];
    later.jobs[at] = job;
}

static struct job *pop_later(void)
{
    struct job *top = later.jobs[0], *moved = later.jobs[--later.used];
    size_t at = 0, child;
    while ((child = 2 * at + 1) < later.used) {
        if (child + 1 < later.used && later.jobs[child + 1]->due < later.jobs[child]->due) child++;
        if (later.jobs[child]->due >= moved->due) break;
        later.jobs[at] = later.jobs[child], at = child;
    }
    later.jobs[at] = moved;
    return top;
}

static void queue(struct job *job)
{
    struct platform *platform = job->platform;
    job->next = NULL;
    if (platform->first) platform->last->next = job;
    else platform->first = job;
    platform->last = job;
}

void reply_at(struct job *job, bool delayed)
{
    if (delayed) push_later(job);
    else queue(job);
}

void timer_rang(void) { timer_ns = 0; }

void release_due(void)
{
    u64 now = later.used ? clock_ns(CLOCK_MONOTONIC) : 0;
    while (later.used && later.jobs[0]->due <= now) queue(pop_later());
    u64 wanted = later.used ? later.jobs[0]->due : 0;
    if (wanted == timer_ns) return;
    timer_ns = wanted;
    set_timer(timer_fd, wanted);
}

/* ---- calls to the API ---- */

static void open_call(struct connection *call)
{
    call->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (call->fd < 0) fail("no socket for a call");
    int yes = 1;
    setsockopt(call->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    call->in.used = call->out.used = call->out.sent = 0;
    call->reused = false;
    call->connecting = connect(call->fd, (struct sockaddr *)&call->platform->address, sizeof(struct sockaddr_in)) < 0;
    follow(call, EPOLLIN | (call->connecting ? EPOLLOUT : 0)); /* a refused connection is told of by the next event */
}

static void rest(struct connection *call)
{
    free(call->job);
    call->job = NULL;
    call->next = call->platform->idle;
    call->platform->idle = call;
}

/* The other side has closed it. A reply that it carried is tried again, unless the connection was new: a vendor may
 * close one that has rested at the very moment at which the next call is written to it. */
static void lose(struct connection *call)
{
    struct job *job = call->job;
    close(call->fd);
    call->fd = -1;
    if (!job) return; /* it was idle, and stays so */
    if (call->reused) {
        queue(job);
        call->job = NULL;
    } else {
        counted.failed++;
        write_row(job, 0);
    }
    rest(call);
}

static void send_call(struct connection *call)
{
    u64 now = clock_ns(CLOCK_MONOTONIC);
    bool starts = call->out.sent == 0;
    enum flow flow = write_out(call->fd, &call->out);
    if (starts && flow != GONE) write_row(call->job, now);
    if (flow == WAIT) want(call, EPOLLIN | EPOLLOUT);
    if (flow == GONE) want(call, EPOLLIN); /* the next event says that it is lost */
}

static void write_call(struct connection *call, struct job *job)
{
    const char *const *body = call->platform->body;
    size_t fixed = strlen(body[0]) + strlen(body[1]) + strlen(body[2]);
    char length[64];
    int digits = snprintf(length, sizeof length, "Content-Length: %zu\r\n\r\n",
                          fixed + length_of(job->customer) + length_of(job->text));
    put(&call->out, call->platform->head, strlen(call->platform->head));
    put(&call->out, length, (size_t)digits);
    put(&call->out, body[0], strlen(body[0]));
    put(&call->out, job->customer.at, length_of(job->customer));
    put(&call->out, body[1], strlen(body[1]));
    put(&call->out, job->text.at, length_of(job->text));
    put(&call->out, body[2], strlen(body[2]));
    call->job = job;
    counted.calls++;
    if (!call->connecting) send_call(call);
}

void start_calls(struct platform *platform)
{
    while (platform->first) {
        struct connection *call = platform->idle;
        if (call) platform->idle = call->next;
        else if (platform->connections == CONNECTIONS_MAX) return;
        else platform->connections++, call = watch(CALL, -1), call->platform = platform;
        struct job *job = platform->first;
        platform->first = job->next;
        if (call->fd < 0) open_call(call);
        write_call(call, job);
    }
}

void on_call(struct connection *call, unsigned events)
{
    if (call->fd < 0) return;
    if (call->connecting) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(call->fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error || (events & (EPOLLERR | EPOLLHUP))) { lose(call); return; }
        call->connecting = false;
    }
    if ((events & EPOLLOUT) && call->job) {
        want(call, EPOLLIN);
        send_call(call);
    }
    if (!(events & ~(unsigned)EPOLLOUT)) return;
    u64 arrived, read_at;
    enum flow flow = read_in(call->fd, &call->in, &arrived, &read_at);
    struct http answer;
    if (call->job && call->in.used && http_message(call->in.data, call->in.used, &answer)) {
        if (!answer.sized && !memmem(answer.head, 13, " 204", 4))
            errno = 0, fail("the API's answer has no Content-Length");
        bool good = answer.total > 9 && answer.head[9] == '2';
        counted.answered += good, counted.refused += !good;
        call->in.used = 0, call->reused = true;
        rest(call);
        if (answer.last) flow = GONE;
    }
    if (flow == GONE) lose(call);
}
