/* app_name.h - what tells one release of the test application from another.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SBL_TEST_APP_NAME_H
#define TERN_SBL_TEST_APP_NAME_H

extern const char APP_NAME[];

#endif
