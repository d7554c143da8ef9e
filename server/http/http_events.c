/* http_events.c - the timeline and audit log.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "server/http/http_model.h"
#include "server/http/http_request.h"
#include "server/http/http_routes.h"

static bool add(void *ctx, const struct event *e)
{
    return http_list_add(ctx, e->id, http_model_event(e));
}

static ota_err read_page(struct store *s, const struct store_filter *f,
                         struct http_list *l, struct diag *why)
{
    return store_events(s, f, add, l, why);
}

void http_event_list(struct http_request *r)
{
    struct store_filter f = {
        .product_key = http_query(r, "product_key"),
        .device_name = http_query(r, "device_name"),
    };

    const char *order = http_query(r, "order");

    f.newest_first = order && strcmp(order, "newest") == 0;
    if (order && !f.newest_first && strcmp(order, "oldest") != 0) {
        http_query_refuse(r, "order", "must be oldest or newest");
        return;
    }
    if (http_query_id(r, "package_id", &f.package_id) &&
        http_query_id(r, "job_id", &f.job_id) &&
        http_query_id(r, "task_id", &f.task_id))
        http_list(r, &f, read_page);
}
