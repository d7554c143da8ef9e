/* http_list.c - pages: {"items":[...],"next":ID or null}.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/http/http_request.h"

struct http_list {
    json_t *items;
    uint32_t limit;
    int64_t last;
    bool more;
};

bool http_list_add(struct http_list *l, int64_t id, json_t *item)
{
    if (json_array_size(l->items) == l->limit) {
        l->more = true;
        json_decref(item);
        return false;
    }
    l->last = id;
    json_array_append_new(l->items, item);
    return true;
}

void http_list(struct http_request *r, struct store_filter *f,
               http_page_reader read_page)
{
    struct diag why = {""};

    if (!http_query_page(r, f))
        return;
    struct http_list l = {.items = json_array(), .limit = f->limit};
    f->limit++; /* one more than the page has, to know if there is more */
    struct store *reader = http_reader_take(r);
    ota_err e = read_page(reader, f, &l, &why);
    http_reader_give(r, reader);
    if (e != OTA_OK) {
        json_decref(l.items);
        http_refuse_error(r, e, &why);
        return;
    }
    http_reply_json(r, MHD_HTTP_OK,
                    json_pack("{s:o,s:o}", "items", l.items, "next",
                              l.more ? json_integer(l.last) : json_null()));
}
