/* http_routes.h - every route of the server, and the handlers by noun.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_HTTP_ROUTES_H
#define TERN_SERVER_HTTP_ROUTES_H

#include "server/http/http_router.h"

extern const struct http_table HTTP_ROUTES;
/* For GET of a path that none of them has, when there is a console. */
extern const struct http_route HTTP_CONSOLE_ROUTE;

void http_health(struct http_request *r);
void http_status(struct http_request *r);
void http_product_create(struct http_request *r);
void http_product_list(struct http_request *r);
void http_product_get(struct http_request *r);
void http_product_slot(struct http_request *r);
void http_product_keys(struct http_request *r);
void http_device_create(struct http_request *r);
void http_device_list(struct http_request *r);
void http_device_list_all(struct http_request *r);
void http_device_get(struct http_request *r);
void http_device_enable(struct http_request *r);
void http_package_upload_begin(struct http_request *r); /* before the body */
void http_package_upload(struct http_request *r);
void http_package_list(struct http_request *r);
void http_package_list_all(struct http_request *r);
void http_package_get(struct http_request *r);
void http_package_verify(struct http_request *r);
void http_job_get(struct http_request *r);
void http_job_tasks(struct http_request *r);
void http_task_list(struct http_request *r);
void http_task_get(struct http_request *r);
void http_task_cancel(struct http_request *r);
void http_event_list(struct http_request *r);
void http_stream(struct http_request *r);
void http_token_create(struct http_request *r);
void http_token_list(struct http_request *r);
void http_token_revoke(struct http_request *r);
void http_session_create(struct http_request *r);
void http_session_get(struct http_request *r);
void http_session_delete(struct http_request *r);
void http_console_file(struct http_request *r);
void http_download(struct http_request *r);

#endif
