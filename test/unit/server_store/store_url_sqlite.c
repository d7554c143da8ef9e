/* store_url_sqlite.c - a file in a folder of its own.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test/unit/server_store/store_url.h"

static const char SCHEME[] = "sqlite:";

void store_url_make(char url[STORE_URL_MAX])
{
    char folder[] = "/tmp/tern-store-XXXXXX";

    if (!mkdtemp(folder))
        abort();
    (void)snprintf(url, STORE_URL_MAX, "%s%s/tern.db", SCHEME, folder);
}

void store_url_drop(const char *url)
{
    static const char *const ENDINGS[] = {"", "-wal", "-shm"};
    char path[STORE_URL_MAX + 8];

    for (size_t i = 0; i < sizeof ENDINGS / sizeof ENDINGS[0]; i++) {
        (void)snprintf(path, sizeof path, "%s%s", url + strlen(SCHEME),
                       ENDINGS[i]);
        (void)unlink(path);
    }
    (void)snprintf(path, sizeof path, "%s", url + strlen(SCHEME));
    *strrchr(path, '/') = '\0';
    (void)rmdir(path);
}
