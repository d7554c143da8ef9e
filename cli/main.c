/* main.c - `tern`, the command line. Start at cli.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli.h"

int main(int argc, char **argv)
{
    return cli_main(argc, argv);
}
