/* http_routes.c - the route table: one row per route. Start here.
 *
 * Spec: spec/http-api.yaml.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/http/http_routes.h"

/* clang-format off */
static const struct http_route ROUTES[] = {
    { "GET",   "/healthz",                          ACCESS_OPEN,     BODY_NONE, "", http_health },
    { "GET",   "/d/{}/{}",                          ACCESS_OPEN,     BODY_NONE, "", http_download },

    { "GET",   "/api/v1/status",                    ACCESS_VIEWER,   BODY_NONE, "", http_status },

    { "POST",  "/api/v1/session",                   ACCESS_OPEN,     BODY_JSON, "", http_session_create },
    { "GET",   "/api/v1/session",                   ACCESS_VIEWER,   BODY_NONE, "", http_session_get },
    { "DELETE", "/api/v1/session",                  ACCESS_OPEN,     BODY_NONE, "", http_session_delete },

    { "POST",  "/api/v1/products",                  ACCESS_ADMIN,    BODY_JSON, "", http_product_create },
    { "GET",   "/api/v1/products",                  ACCESS_VIEWER,   BODY_NONE, "after limit", http_product_list },
    { "GET",   "/api/v1/products/{}",               ACCESS_VIEWER,   BODY_NONE, "", http_product_get },
    { "PATCH", "/api/v1/products/{}",               ACCESS_ADMIN,    BODY_JSON, "", http_product_slot },
    { "PUT",   "/api/v1/products/{}/keys",          ACCESS_ADMIN,    BODY_JSON, "", http_product_keys },

    { "GET",   "/api/v1/devices",                   ACCESS_VIEWER,   BODY_NONE,
      "product_key q online after limit", http_device_list_all },
    { "POST",  "/api/v1/products/{}/devices",       ACCESS_ADMIN,    BODY_JSON, "", http_device_create },
    { "GET",   "/api/v1/products/{}/devices",       ACCESS_VIEWER,   BODY_NONE, "after limit", http_device_list },
    { "GET",   "/api/v1/products/{}/devices/{}",    ACCESS_VIEWER,   BODY_NONE, "secret", http_device_get },
    { "PATCH", "/api/v1/products/{}/devices/{}",    ACCESS_ADMIN,    BODY_JSON, "", http_device_enable },

    { "POST",  "/api/v1/products/{}/packages",      ACCESS_OPERATOR, BODY_FILE,
      "version name module sign_method needs_verification", http_package_upload },
    { "GET",   "/api/v1/products/{}/packages",      ACCESS_VIEWER,   BODY_NONE, "after limit", http_package_list },
    { "GET",   "/api/v1/packages",                  ACCESS_VIEWER,   BODY_NONE,
      "product_key state before limit", http_package_list_all },
    { "GET",   "/api/v1/packages/{}",               ACCESS_VIEWER,   BODY_NONE, "", http_package_get },
    { "POST",  "/api/v1/packages/{}/verify",        ACCESS_OPERATOR, BODY_JSON, "", http_package_verify },

    { "GET",   "/api/v1/jobs/{}",                   ACCESS_VIEWER,   BODY_NONE, "", http_job_get },
    { "GET",   "/api/v1/jobs/{}/tasks",             ACCESS_VIEWER,   BODY_NONE, "after limit", http_job_tasks },

    { "GET",   "/api/v1/tasks",                     ACCESS_VIEWER,   BODY_NONE,
      "product_key device_name package_id after limit", http_task_list },
    { "GET",   "/api/v1/tasks/{}",                  ACCESS_VIEWER,   BODY_NONE, "", http_task_get },
    { "POST",  "/api/v1/tasks/{}/cancel",           ACCESS_OPERATOR, BODY_NONE, "", http_task_cancel },

    { "GET",   "/api/v1/events",                    ACCESS_VIEWER,   BODY_NONE,
      "product_key device_name package_id job_id task_id order after before limit", http_event_list },
    { "GET",   "/api/v1/stream",                    ACCESS_VIEWER,   BODY_NONE,
      "product_key device_name package_id job_id task_id after", http_stream },

    { "POST",  "/api/v1/tokens",                    ACCESS_ADMIN,    BODY_JSON, "", http_token_create },
    { "GET",   "/api/v1/tokens",                    ACCESS_ADMIN,    BODY_NONE, "after limit", http_token_list },
    { "DELETE", "/api/v1/tokens/{}",                ACCESS_ADMIN,    BODY_NONE, "", http_token_revoke },
};
/* clang-format on */

const struct http_route HTTP_CONSOLE_ROUTE = {
    "GET", "", ACCESS_OPEN, BODY_NONE, "*", http_console_file};

const struct http_table HTTP_ROUTES = {ROUTES,
                                       sizeof ROUTES / sizeof ROUTES[0]};
