/* image_plan.h - the options of `tern image sign` as a plan for image_build().
 *
 * Each option that imgtool has under the same name means the same here; what
 * `tern` does not do it refuses, and never ignores.
 * Tests: test/system/test_image_sign.py
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_CLI_IMAGE_PLAN_H
#define TERN_CLI_IMAGE_PLAN_H

#include "cli/cli.h"
#include "cli/image_build.h"

extern const struct args_option IMAGE_PLAN_OPTIONS[]; /* with --key */

/* Fill in what the options say. Returns CLI_OK, or the exit code after saying
 * what is wrong. */
int image_plan_read(const struct cli *c, struct image_plan *out);

#endif
