/* What the parts of the bot share.
 * echo.c: modes, start, main loop; hooks.c: webhooks come in; calls.c: replies go out. */
#ifndef ECHO_ECHO_H
#define ECHO_ECHO_H

#include "http.h"
#include "json.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 256, SECOND_NS = 1000000000, MS_NS = 1000000 };

enum does { ECHO, DELAY, STALLS, FREEZE, CRAWL, COPIES, DIES, REFUSES, SINK };

struct mode { const char *name; enum does does; double first, second; const char *numbers; };

struct job { /* one reply to make */
    struct job *next;
    struct platform *platform;
    u64 arrived, read, due;
    bool counts; /* has a row in the truth, which is still to be written */
    struct json customer, message, text;
    char copied[];
};

enum kind { LISTENER, TIMER, FREEZER, HOOK, CALL };

struct connection {
    enum kind kind;
    int fd;
    bool connecting, closing, reused;
    struct buffer in, out;
    struct platform *platform; /* of a CALL */
    struct job *job;
    struct connection *next;
};

struct platform {
    const char *name, *root, *token; /* the variables with the API's root and the bot's token, if it is a bearer */
    const char *body[3]; /* of a call: before the customer's address, before the text, after it */
    struct sockaddr_in address;
    char head[1024]; /* of each call, up to its length; empty if the bot is not on this platform */
    struct connection *idle;
    int connections;
    struct job *first, *last; /* replies that are due, oldest first */
};
enum { TELEGRAM, WHATSAPP, MESSENGER, PLATFORM_COUNT };

struct counted { u64 webhooks, messages, calls, answered, refused, failed; };

extern struct mode mode;
extern struct platform platforms[PLATFORM_COUNT];
extern struct counted counted;
extern int timer_fd, freezer_fd;
extern u64 freeze_ns; /* when to freeze; 0: not, or no more */
extern FILE *truth;

struct connection *watch(enum kind kind, int fd);
void follow(struct connection *connection, unsigned events);
void want(struct connection *connection, unsigned events);
void set_timer(int fd, u64 at_ns);

void on_listener(struct connection *listener);
void on_hook(struct connection *hook, unsigned events);

void on_call(struct connection *call, unsigned events);
void reply_at(struct job *job, bool later);
void release_due(void);
void start_calls(struct platform *platform);
void timer_rang(void);
void finish_truth(void);

#endif
