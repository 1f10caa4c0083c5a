/* Just enough reading of JSON to find a customer and a text in a vendor's webhook, without copying or decoding: a value
 * is a stretch of the body. Malformed JSON reads as "not there"; nothing is read beyond the stretch. */
#ifndef ECHO_JSON_H
#define ECHO_JSON_H

#include <stdbool.h>
#include <string.h>

struct json { const char *at, *end; }; /* at is NULL where there is no such value */

#define NOTHING ((struct json){NULL, NULL})

static inline const char *after_space(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t' || *at == ',' || *at == ':')) at++;
    return at;
}

static inline const char *after_string(const char *at, const char *end)
{
    for (const char *from = ++at; at < end && (at = memchr(at, '"', (size_t)(end - at))); at++) {
        const char *before = at;
        while (before > from && before[-1] == '\\') before--;
        if ((at - before) % 2 == 0) return at + 1; /* not itself escaped */
    }
    return end;
}

static inline const char *after_value(const char *at, const char *end)
{
    int depth = 0;
    while (at < end) {
        if (*at == '"') {
            at = after_string(at, end);
            if (!depth) return at;
            continue;
        }
        if (*at == '{' || *at == '[') depth++;
        else if (*at == '}' || *at == ']') {
            if (!depth) return at; /* the end of a bare number or word that stands last in its container */
            if (!--depth) return at + 1;
        } else if (!depth && (*at == ',' || *at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) return at;
        at++;
    }
    return end;
}

/* The member of an object; NOTHING if it has none of that name, or is no object. */
static inline struct json member(struct json object, const char *name)
{
    size_t length = strlen(name);
    const char *at = object.at, *end = object.end;
    if (!at || at >= end || *at != '{') return NOTHING;
    for (at = after_space(at + 1, end); at < end && *at == '"'; at = after_space(at, end)) {
        const char *key = at + 1, *key_end = after_string(at, end);
        const char *value = after_space(key_end, end);
        at = after_value(value, end);
        if ((size_t)(key_end - key) == length + 1 && !memcmp(key, name, length)) return (struct json){value, at};
    }
    return NOTHING;
}

/* The elements of an array, one after the other: start with *cursor NULL; NOTHING after the last. */
static inline struct json element(struct json array, const char **cursor)
{
    if (!array.at || array.at >= array.end || *array.at != '[') return NOTHING;
    const char *at = after_space(*cursor ? *cursor : array.at + 1, array.end);
    if (at >= array.end || *at == ']') return NOTHING;
    *cursor = after_value(at, array.end);
    return (struct json){at, *cursor};
}

/* What stands between the quotes of a string, still escaped, or a bare value as it is. */
static inline struct json bare(struct json value)
{
    if (value.at && value.end - value.at >= 2 && *value.at == '"') return (struct json){value.at + 1, value.end - 1};
    return value;
}

static inline bool there(struct json value) { return value.at && value.end > value.at; }

static inline size_t length_of(struct json value) { return (size_t)(value.end - value.at); }

#endif
