/* store_url.h - a new, empty database for one test. One .c file per database
 * is linked with the contract tests of test_store.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_STORE_URL_H
#define TERN_TEST_STORE_URL_H

enum { STORE_URL_MAX = 128 };

void store_url_make(char url[STORE_URL_MAX]);
void store_url_drop(const char *url);

#endif
