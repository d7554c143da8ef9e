/* scene.h - an empty database and one of each noun, for the contract tests.
 *
 * The URL comes from store_url.h; nothing here knows the database.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_STORE_SCENE_H
#define TERN_TEST_STORE_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/store/store.h"
#include "test/unit/server_store/store_url.h"

struct scene {
    char url[STORE_URL_MAX];
    struct store *store;
    struct product product;
    struct device device;
    struct package package;
    struct job job;
    struct diag why;
};

/* cmocka set-up and tear-down; *state is the struct scene. */
int scene_open(void **state);
int scene_close(void **state);

/* Add one of each but a task, with values at their limits. */
void fill(struct scene *s);
/* A task for what fill() made, not added yet. */
struct task task_of(const struct scene *s);

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, scene_open, scene_close)

#endif
