/* Connections with buffers, and where an HTTP message ends. */
#ifndef ECHO_HTTP_H
#define ECHO_HTTP_H

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

typedef unsigned long long u64;

static inline void fail(const char *words)
{
    fprintf(stderr, "echo: %s%s%s\n", words, errno ? ": " : "", errno ? strerror(errno) : "");
    exit(2);
}

static inline u64 clock_ns(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return (u64)now.tv_sec * 1000000000ull + (u64)now.tv_nsec;
}

struct buffer { char *data; size_t used, sent, room; };

static inline void make_room(struct buffer *buffer, size_t more)
{
    if (buffer->room - buffer->used >= more) return;
    buffer->room = (buffer->used + more) * 2;
    buffer->data = realloc(buffer->data, buffer->room);
    if (!buffer->data) fail("no memory");
}

static inline void put(struct buffer *buffer, const char *text, size_t length)
{
    make_room(buffer, length);
    memcpy(buffer->data + buffer->used, text, length);
    buffer->used += length;
}

static inline void drop(struct buffer *buffer, size_t length)
{
    memmove(buffer->data, buffer->data + length, buffer->used - length);
    buffer->used -= length;
}

enum flow { GONE, WAIT, DONE };

/* Writes what can be written; WAIT if the socket takes no more now. */
static inline enum flow write_out(int fd, struct buffer *buffer)
{
    while (buffer->sent < buffer->used) {
        ssize_t count = send(fd, buffer->data + buffer->sent, buffer->used - buffer->sent, MSG_NOSIGNAL);
        if (count < 0) return errno == EAGAIN ? WAIT : GONE;
        buffer->sent += (size_t)count;
    }
    buffer->sent = buffer->used = 0;
    return DONE;
}

/* When the kernel had the bytes that were just read, by the monotonic clock; it stamps them by the wall clock. A bot
 * that does not read its sockets would otherwise not know how long a customer has waited. */
static inline u64 arrival_ns(struct msghdr *message, u64 read_ns)
{
    struct cmsghdr *head = CMSG_FIRSTHDR(message);
    for (; head; head = CMSG_NXTHDR(message, head)) {
        if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_TIMESTAMPNS) continue;
        struct timespec stamp;
        memcpy(&stamp, CMSG_DATA(head), sizeof stamp);
        u64 then = (u64)stamp.tv_sec * 1000000000ull + (u64)stamp.tv_nsec, now = clock_ns(CLOCK_REALTIME);
        return now > then && now - then < read_ns ? read_ns - (now - then) : read_ns;
    }
    return read_ns;
}

/* Reads all there is; GONE at the end of the connection. Says when the last of it arrived and was read. */
static inline enum flow read_in(int fd, struct buffer *buffer, u64 *arrived, u64 *read_at)
{
    for (;;) {
        char control[64];
        make_room(buffer, 8192);
        size_t free_room = buffer->room - buffer->used;
        struct iovec piece = {buffer->data + buffer->used, free_room};
        struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = control,
                                 .msg_controllen = sizeof control};
        ssize_t count = recvmsg(fd, &message, 0);
        if (count < 0) return errno == EAGAIN ? WAIT : GONE;
        if (count == 0) return GONE;
        buffer->used += (size_t)count;
        *read_at = clock_ns(CLOCK_MONOTONIC);
        *arrived = arrival_ns(&message, *read_at);
        if ((size_t)count < free_room) return WAIT;
    }
}

/* The value of a header (its name in lower case, with the colon) in a head that ends with an empty line, or NULL. */
static inline const char *header(const char *head, const char *end, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = memchr(head, '\n', (size_t)(end - head)); at && at + 1 + length < end;
         at = memchr(at + 1, '\n', (size_t)(end - at - 1)))
        if (!strncasecmp(at + 1, name, length)) return at + 1 + length;
    return NULL;
}

struct http { const char *head, *body; size_t length, total; bool sized, last; };

/* The message that a stretch starts with; false while it is not all there. */
static inline bool http_message(const char *at, size_t used, struct http *found)
{
    const char *blank = memmem(at, used, "\r\n\r\n", 4);
    if (!blank) return false;
    const char *body = blank + 4, *size = header(at, blank + 2, "content-length:");
    const char *connection = header(at, blank + 2, "connection:");
    found->head = at, found->body = body, found->sized = size != NULL;
    found->length = size ? strtoul(size, NULL, 10) : 0;
    found->total = (size_t)(body - at) + found->length;
    found->last = connection && !strncasecmp(connection + strspn(connection, " "), "close", 5);
    return found->total <= used;
}

#endif
