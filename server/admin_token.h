/* admin_token.h - the first token, made at the first start.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SERVER_ADMIN_TOKEN_H
#define TERN_SERVER_ADMIN_TOKEN_H

#include <stdbool.h>

#include "server/core/core.h"
#include "server/data_folder.h"
#include "server/store/store.h"

/* See to it that a new database has a token "admin" whose text lies in
 * admin.token (0600).
 *
 * A crash at any instant leaves a folder that the next start completes: the
 * file is written first, and a file whose token the database does not know is
 * registered. An old database whose admin.token was removed keeps it so. */
bool admin_token_ensure(const struct data_folder *d, const char *store_url,
                        struct core *core, struct diag *why);

#endif
