/* name_beta.c - see app_name.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/imxrt1060-sbl/test-app/app_name.h"

const char APP_NAME[] = "beta";
