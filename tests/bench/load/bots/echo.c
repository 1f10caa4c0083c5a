/* A bot for benchmarks, fast enough never to be the bottleneck, and honest: it writes down when each webhook arrived
 * and when its reply left. It acknowledges a webhook at once and then echoes the text by one API call over kept-alive
 * connections, one call at a time on each.
 *
 *     echo MODE [FIRST [SECOND]]        modes and their numbers: the table below
 *
 * Listens on PORT and takes the variables of `chatdrill env`: {TELEGRAM,WHATSAPP,MESSENGER}_API_ROOT and the tokens.
 * ECHO_TRUTH=FILE writes one CSV row for each customer's message. GET /count tells what happened so far, as JSON.
 * Needs Linux. */
#include "echo.h"

#include <signal.h>
#include <sys/resource.h>

enum { EVENTS = 512, BACKLOG = 8192 };

static const struct mode MODES[] = {
    {"echo", ECHO, 0, 0, ""},
    {"delay", DELAY, 20, 0, "milliseconds before each reply"},
    {"stalls", STALLS, 100, 2000, "one reply of so many is late, by so many milliseconds"},
    {"freeze", FREEZE, 10, 10, "seconds after the first message; seconds in which nothing is read or sent"},
    {"crawl", CRAWL, 1, 0, "milliseconds by which each reply is later than the one before"},
    {"twice", COPIES, 2, 0, "replies to each message"},
    {"flood", COPIES, 50, 0, "replies to each message"},
    {"dies", DIES, 1000, 0, "messages until the process ends without a word"},
    {"refuses", REFUSES, 500, 0, "the status that webhooks are answered with; nobody is replied to"},
    {"sink", SINK, 0, 0, "(no bot: answers every call as a vendor's API might, for generators without one)"},
};

struct platform platforms[PLATFORM_COUNT] = {
    {.name = "telegram", .root = "TELEGRAM_API_ROOT", .body = {"{\"chat_id\":", ",\"text\":\"", "\"}"}},
    {.name = "whatsapp", .root = "WHATSAPP_API_ROOT", .token = "WHATSAPP_TOKEN",
     .body = {"{\"messaging_product\":\"whatsapp\",\"to\":\"", "\",\"type\":\"text\",\"text\":{\"body\":\"", "\"}}"}},
    {.name = "messenger", .root = "MESSENGER_API_ROOT", .token = "MESSENGER_PAGE_TOKEN",
     .body = {"{\"recipient\":{\"id\":\"", "\"},\"messaging_type\":\"RESPONSE\",\"message\":{\"text\":\"", "\"}}"}},
};

struct mode mode;
struct counted counted;
int timer_fd, freezer_fd;
u64 freeze_ns;
FILE *truth;
static int poll_fd;
static volatile sig_atomic_t stopping;

static const char *setting(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

void follow(struct connection *connection, unsigned events)
{
    struct epoll_event event = {.events = events, .data.ptr = connection};
    if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, connection->fd, &event)) fail("epoll");
}

struct connection *watch(enum kind kind, int fd)
{
    struct connection *made = calloc(1, sizeof *made);
    if (!made) fail("no memory");
    made->kind = kind, made->fd = fd;
    if (fd >= 0) follow(made, EPOLLIN);
    return made;
}

void want(struct connection *connection, unsigned events)
{
    struct epoll_event event = {.events = events, .data.ptr = connection};
    epoll_ctl(poll_fd, EPOLL_CTL_MOD, connection->fd, &event);
}

void set_timer(int fd, u64 at_ns)
{
    struct itimerspec when = {.it_value = {(time_t)(at_ns / SECOND_NS), (long)(at_ns % SECOND_NS)}};
    timerfd_settime(fd, TFD_TIMER_ABSTIME, &when, NULL);
}

/* Asked before each event, so that nothing is read once the moment has come; the timer only wakes the loop for it. */
static void freeze_if_due(void)
{
    if (!freeze_ns || clock_ns(CLOCK_MONOTONIC) < freeze_ns) return;
    freeze_ns = 0;
    u64 until = clock_ns(CLOCK_MONOTONIC) + (u64)(mode.second * SECOND_NS);
    struct timespec end = {(time_t)(until / SECOND_NS), (long)(until % SECOND_NS)};
    while (!stopping && clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) == EINTR) {}
}

/* ---- the start and the end ---- */

static void read_root(struct platform *platform, const char *path)
{
    const char *root = setting(platform->root, NULL);
    const char *token = platform->token ? setting(platform->token, "") : NULL;
    char host[64], prefix[128] = "";
    int port;
    if (!root) return; /* this bot is not on that platform */
    platform->address.sin_family = AF_INET;
    if (sscanf(root, "http://%63[0-9.]:%d%127s", host, &port, prefix) < 2 ||
        inet_pton(AF_INET, host, &platform->address.sin_addr) != 1)
        errno = 0, fail("an API root must be http://ADDRESS:PORT and a path, the address in numbers");
    platform->address.sin_port = htons((unsigned short)port);
    snprintf(platform->head, sizeof platform->head,
             "POST %s%s HTTP/1.1\r\nHost: %s:%d\r\n%s%s%sContent-Type: application/json\r\n", prefix, path, host, port,
             token ? "Authorization: Bearer " : "", token ? token : "", token ? "\r\n" : "");
}

static void read_roots(void)
{
    char path[256];
    snprintf(path, sizeof path, "/bot%s/sendMessage", setting("TELEGRAM_BOT_TOKEN", ""));
    read_root(&platforms[TELEGRAM], path);
    snprintf(path, sizeof path, "/%s/%s/messages", setting("WHATSAPP_GRAPH_VERSION", "v25.0"),
             setting("WHATSAPP_PHONE_NUMBER_ID", ""));
    read_root(&platforms[WHATSAPP], path);
    snprintf(path, sizeof path, "/%s/me/messages", setting("MESSENGER_GRAPH_VERSION", "v25.0"));
    read_root(&platforms[MESSENGER], path);
}

static void read_mode(int count, char **words)
{
    for (size_t i = 0; count > 1 && i < sizeof MODES / sizeof *MODES; i++)
        if (!strcmp(words[1], MODES[i].name)) mode = MODES[i];
    if (count > 2) mode.first = atof(words[2]);
    if (count > 3) mode.second = atof(words[3]);
    if (mode.name && !(mode.does == STALLS && mode.first < 1)) return;
    fprintf(stderr, "echo MODE [FIRST [SECOND]]\n");
    for (size_t i = 0; i < sizeof MODES / sizeof *MODES; i++)
        fprintf(stderr, "  %-8s %6g %6g  %s\n", MODES[i].name, MODES[i].first, MODES[i].second, MODES[i].numbers);
    exit(2);
}

static void open_truth(void)
{
    const char *path = setting("ECHO_TRUTH", NULL);
    if (!path) return;
    if (!(truth = fopen(path, "w"))) fail(path);
    setvbuf(truth, NULL, _IOFBF, 1 << 20);
    fputs("platform,customer,message,arrived_ns,read_ns,replied_ns\n", truth);
}

static void open_door(void)
{
    int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_port = htons((unsigned short)atoi(setting("PORT", "8080")));
    inet_pton(AF_INET, setting("HOST", "127.0.0.1"), &address.sin_addr);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (truth) setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes); /* accepted connections inherit it */
    if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, BACKLOG)) fail("cannot listen");
    watch(LISTENER, fd);
}

/* Telegram learns the webhook's address from the bot; the answer is of no interest. 100 connections are its most. */
static void register_webhook(void)
{
    struct platform *telegram = &platforms[TELEGRAM];
    char request[2048], body[512];
    const char *path_end = strstr(telegram->head, "/sendMessage");
    if (!path_end) return;
    int size = snprintf(body, sizeof body,
        "{\"url\":\"http://%s:%s/webhooks/telegram\",\"max_connections\":100,\"secret_token\":\"%s\"}",
        setting("HOST", "127.0.0.1"), setting("PORT", "8080"), setting("TELEGRAM_WEBHOOK_SECRET", ""));
    size = snprintf(request, sizeof request,
        "%.*s/setWebhook HTTP/1.1\r\nHost: bot\r\nContent-Type: application/json\r\nConnection: close\r\n"
        "Content-Length: %d\r\n\r\n%s", (int)(path_end - telegram->head), telegram->head, size, body);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval patience = {5, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (!connect(fd, (struct sockaddr *)&telegram->address, sizeof telegram->address) &&
        send(fd, request, (size_t)size, MSG_NOSIGNAL) == size)
        (void)!recv(fd, body, sizeof body, 0);
    close(fd);
}

static void on_signal(int number) { (void)number; stopping = 1; }

static void dispatch(struct connection *connection, unsigned events)
{
    u64 times;
    freeze_if_due();
    switch (connection->kind) {
    case LISTENER: on_listener(connection); break;
    case TIMER: timer_rang(); (void)!read(connection->fd, &times, sizeof times); break;
    case FREEZER: (void)!read(connection->fd, &times, sizeof times); break;
    case HOOK: on_hook(connection, events); break;
    case CALL: on_call(connection, events); break;
    }
}

static void prepare(int count, char **words)
{
    struct rlimit files;
    struct sigaction stop = {.sa_handler = on_signal};
    read_mode(count, words);
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    poll_fd = epoll_create1(EPOLL_CLOEXEC);
    watch(TIMER, timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
    watch(FREEZER, freezer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
    read_roots();
    open_truth();
    open_door();
    register_webhook();
    puts("ready");
    fflush(stdout);
}

int main(int count, char **words)
{
    static struct epoll_event events[EVENTS];
    prepare(count, words);
    while (!stopping) {
        int ready = epoll_wait(poll_fd, events, EVENTS, -1);
        for (int i = 0; i < ready && !stopping; i++) dispatch(events[i].data.ptr, events[i].events);
        release_due();
        for (int i = 0; i < PLATFORM_COUNT; i++) start_calls(&platforms[i]);
    }
    finish_truth();
    return 0;
}
