/* http_model.h - the nouns of the server as JSON, as in spec/http-api.yaml.
 *
 * Each returns a new reference, or NULL when memory is out.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_HTTP_MODEL_H
#define TERN_SERVER_HTTP_MODEL_H

#include <jansson.h>

#include "server/core/model.h"

json_t *http_model_product(const struct product *p);
/* Without its secret. t, p: its newest task and that one's package, or NULL. */
json_t *http_model_device(const struct device *d, const struct task *t,
                          const struct package *p);
/* job: the newest that verifies it, 0 if there is none. */
json_t *http_model_package(const struct package *p, int64_t job);
json_t *http_model_checks(const char *checks);
json_t *http_model_token(const struct token *t);
json_t *http_model_job(const struct job *j);
json_t *http_model_task(const struct task *t, const struct device *d);
json_t *http_model_event(const struct event *e);

const char *http_model_sign_method(enum sign_method m); /* Md5, SHA256 */

#endif
