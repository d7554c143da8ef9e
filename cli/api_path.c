/* api_path.c - the path of a request, names escaped (RFC 3986 section 2.3).
 * Tests: test/unit/cli/test_api_path.c
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "cli/api.h"

static void add_char(struct api_path *p, char ch)
{
    if (p->len + 1 < sizeof p->text) {
        p->text[p->len++] = ch;
        p->text[p->len] = 0;
    } else {
        p->bad = true;
    }
}

static void add_text(struct api_path *p, const char *text)
{
    while (*text)
        add_char(p, *text++);
}

static bool unreserved(unsigned char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
           (ch >= '0' && ch <= '9') || (ch && strchr("-._~", ch));
}

static void add_escaped(struct api_path *p, const char *text)
{
    static const char DIGITS[] = "0123456789ABCDEF";

    for (const unsigned char *s = (const unsigned char *)text; *s; s++) {
        if (unreserved(*s)) {
            add_char(p, (char)*s);
            continue;
        }
        add_char(p, '%');
        add_char(p, DIGITS[*s >> 4]);
        add_char(p, DIGITS[*s & 15]);
    }
}

struct api_path api_path(const char *fixed)
{
    struct api_path p = {.len = 0};

    add_text(&p, fixed);
    return p;
}

void api_path_add(struct api_path *p, const char *segment)
{
    /* "", "." and ".." would name another path: the library that sends it, or
     * a proxy, takes them away. */
    if (segment[0] == 0 || strcmp(segment, ".") == 0 ||
        strcmp(segment, "..") == 0)
        p->bad = true;
    add_char(p, '/');
    add_escaped(p, segment);
}

void api_path_query(struct api_path *p, const char *name, const char *value)
{
    add_char(p, p->query ? '&' : '?');
    p->query = true;
    add_text(p, name);
    add_char(p, '=');
    add_escaped(p, value);
}

int api_path_add_id(const struct cli *c, struct api_path *p, const char *id)
{
    size_t len = strlen(id);

    if (len == 0 || len > 18 || strspn(id, "0123456789") != len)
        return cli_usage(c,
                         "'%s' is no ID; it is a number, as `tern %s list` "
                         "shows it",
                         id, c->group->name);
    api_path_add(p, id);
    return CLI_OK;
}
