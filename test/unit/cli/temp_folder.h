/* temp_folder.h - a folder of its own for one test program, gone at its end.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_TEMP_FOLDER_H
#define TERN_TEST_TEMP_FOLDER_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char temp_folder[] = "/tmp/tern-test-XXXXXX";

/* cmocka group set-up and tear-down. */
static inline int temp_folder_make(void **state)
{
    (void)state;
    return mkdtemp(temp_folder) ? 0 : -1;
}

static inline int temp_folder_count(void)
{
    int count = 0;
    DIR *d = opendir(temp_folder);

    while (readdir(d))
        count++;
    (void)closedir(d);
    return count - 2; /* without . and .. */
}

/* The path of a file in it; good until the eighth call from now. */
static inline const char *temp_path(const char *name)
{
    static char paths[8][512];
    static unsigned next;
    char *path = paths[next++ % 8];

    (void)snprintf(path, sizeof paths[0], "%s/%s", temp_folder, name);
    return path;
}

static inline int temp_folder_empty(void **state)
{
    DIR *d = opendir(temp_folder);
    const struct dirent *e;

    (void)state;
    while ((e = readdir(d)) != NULL)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            (void)unlink(temp_path(e->d_name));
    (void)closedir(d);
    return 0;
}

static inline int temp_folder_remove(void **state)
{
    (void)temp_folder_empty(state);
    return rmdir(temp_folder);
}

#endif
