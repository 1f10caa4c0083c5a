/* Webhooks: read, acknowledged, and turned into replies to make. */
#include "echo.h"

struct heard { struct json customer, message, text; u64 arrived, read; }; /* a customer's message, in its webhook */

static u64 delay_ns(void)
{
    if (mode.does == DELAY) return (u64)(mode.first * MS_NS);
    if (mode.does == CRAWL) return (u64)(mode.first * MS_NS * (double)counted.messages);
    if (mode.does == STALLS && counted.messages % (u64)mode.first == 0) return (u64)(mode.second * MS_NS);
    return 0;
}

static struct json keep(struct json value, char **at)
{
    struct json kept = {memcpy(*at, value.at, length_of(value)), *at + length_of(value)};
    *at += length_of(value);
    return kept;
}

static void queue_reply(struct platform *platform, const struct heard *heard, u64 delay, bool counts)
{
    struct json to = heard->customer, message = heard->message, text = heard->text;
    struct job *job = malloc(sizeof *job + length_of(to) + length_of(message) + length_of(text));
    if (!job) fail("no memory");
    char *at = job->copied;
    *job = (struct job){.platform = platform, .arrived = heard->arrived, .read = heard->read, .counts = counts};
    job->due = heard->read + delay;
    job->customer = keep(to, &at), job->message = keep(message, &at), job->text = keep(text, &at);
    reply_at(job, delay > 0);
}

static void reply_to(struct platform *platform, struct heard heard)
{
    static const char no_text[] = "(no text)";
    if (!there(heard.customer) || !there(heard.message)) return;
    if (!there(heard.text)) heard.text = (struct json){no_text, no_text + sizeof no_text - 1};
    counted.messages++;
    if (!*platform->head) { counted.failed++; return; }
    if (counted.messages == 1 && mode.does == FREEZE)
        set_timer(freezer_fd, freeze_ns = heard.read + (u64)(mode.first * SECOND_NS) + 1);
    if (mode.does == DIES && counted.messages > (u64)mode.first) finish_truth(), _exit(1);
    u64 delay = delay_ns();
    for (int copy = 0, copies = mode.does == COPIES ? (int)mode.first : 1; copy < copies; copy++)
        queue_reply(platform, &heard, delay, !copy);
}

static void telegram_update(struct json body, u64 arrived, u64 read)
{
    struct json message = member(body, "message"), customer = member(member(message, "chat"), "id");
    reply_to(&platforms[TELEGRAM],
             (struct heard){customer, member(message, "message_id"), bare(member(message, "text")), arrived, read});
}

static void whatsapp_change(struct json change, u64 arrived, u64 read)
{
    struct json messages = member(member(change, "value"), "messages"), message;
    for (const char *at = NULL; there(message = element(messages, &at));)
        reply_to(&platforms[WHATSAPP],
                 (struct heard){bare(member(message, "from")), bare(member(message, "id")),
                                bare(member(member(message, "text"), "body")), arrived, read});
}

static void messenger_event(struct json event, u64 arrived, u64 read)
{
    struct json message = member(event, "message"), customer = bare(member(member(event, "sender"), "id"));
    if (there(member(message, "is_echo"))) return;
    reply_to(&platforms[MESSENGER],
             (struct heard){customer, bare(member(message, "mid")), bare(member(message, "text")), arrived, read});
}

static void meta_entries(struct json body, u64 arrived, u64 read)
{
    struct json entries = member(body, "entry"), entry, item;
    for (const char *at = NULL; there(entry = element(entries, &at));) {
        struct json changes = member(entry, "changes"), events = member(entry, "messaging");
        for (const char *in = NULL; there(item = element(changes, &in));) whatsapp_change(item, arrived, read);
        for (const char *in = NULL; there(item = element(events, &in));) messenger_event(item, arrived, read);
    }
}

static void answer(struct connection *hook, int status, const char *body, size_t length)
{
    char head[96];
    const char *reason = status < 300 ? "OK" : "No";
    int size = snprintf(head, sizeof head, "HTTP/1.1 %d %s\r\nContent-Length: %zu\r\n\r\n", status, reason, length);
    put(&hook->out, head, (size_t)size);
    put(&hook->out, body, length);
}

static void answer_get(struct connection *hook, const struct http *request)
{
    static const char key[] = "hub.challenge=";
    char text[256];
    const char *line_end = memchr(request->head, '\r', (size_t)(request->body - request->head));
    const char *challenge = memmem(request->head, (size_t)(line_end - request->head), key, sizeof key - 1);
    if (challenge) { /* Meta's question when a webhook is registered */
        challenge += sizeof key - 1;
        answer(hook, 200, challenge, strcspn(challenge, "& \r"));
        return;
    }
    int size = snprintf(text, sizeof text,
        "{\"webhooks\":%llu,\"messages\":%llu,\"calls\":%llu,\"answered\":%llu,\"refused\":%llu,\"failed\":%llu}",
        counted.webhooks, counted.messages, counted.calls, counted.answered, counted.refused, counted.failed);
    answer(hook, 200, text, (size_t)size);
}

static void answer_post(struct connection *hook, const struct http *request, u64 arrived, u64 read)
{
    static const char sunk[] = "{\"ok\":true,\"recipient_id\":\"1\",\"message_id\":\"m_1\"}";
    struct json body = {request->body, request->body + request->length};
    counted.webhooks++;
    if (mode.does == SINK) { answer(hook, 200, sunk, sizeof sunk - 1); return; }
    if (mode.does == REFUSES) { answer(hook, (int)mode.first, "", 0); return; }
    answer(hook, 200, "", 0);
    if (there(member(body, "update_id"))) telegram_update(body, arrived, read);
    else meta_entries(body, arrived, read);
}

static void close_hook(struct connection *hook)
{
    close(hook->fd);
    free(hook->in.data);
    free(hook->out.data);
    free(hook);
}

void on_hook(struct connection *hook, unsigned events)
{
    u64 arrived = 0, read = 0;
    enum flow flow = events & ~(unsigned)EPOLLOUT ? read_in(hook->fd, &hook->in, &arrived, &read) : WAIT;
    size_t done = 0;
    struct http request;
    while (done < hook->in.used && http_message(hook->in.data + done, hook->in.used - done, &request)) {
        if (!strncmp(request.head, "GET ", 4)) answer_get(hook, &request);
        else answer_post(hook, &request, arrived, read);
        hook->closing |= request.last;
        done += request.total;
    }
    if (done) drop(&hook->in, done);
    enum flow written = write_out(hook->fd, &hook->out);
    if (flow == GONE || written == GONE || (hook->closing && written == DONE)) close_hook(hook);
    else if (written == WAIT || (events & EPOLLOUT)) want(hook, EPOLLIN | (written == WAIT ? EPOLLOUT : 0));
}

void on_listener(struct connection *listener)
{
    for (int fd, yes = 1; (fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        watch(HOOK, fd);
    }
}
