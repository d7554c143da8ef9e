/* show.h - ask the server and show the answer: what most commands are.
 *
 * Tests: test/system/test_cli.py
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_CLI_SHOW_H
#define TERN_CLI_SHOW_H

#include "cli/api.h"
#include "cli/view.h"

/* Each returns the command's exit code. */

/* One object, as a list of its members. */
int show_get(const struct cli *c, const struct api_path *path,
             const struct view_column *columns);

/* A list as a table; at most `most` items, 0 for all. */
int show_list(const struct cli *c, const struct api_path *path, uint32_t most,
              const struct view_column *columns);

/* Change something and show what it is then. body: taken; NULL means it could
 * not be made out of the words given. show_post() sends none. */
int show_send(const struct cli *c, const char *method,
              const struct api_path *path, json_t *body,
              const struct view_column *columns);
int show_post(const struct cli *c, const struct api_path *path,
              const struct view_column *columns);

/* An object that is there already. */
void show_object(const struct cli *c, const json_t *o,
                 const struct view_column *columns);

#endif
