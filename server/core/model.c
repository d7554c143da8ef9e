/* model.c - the wire names of states, types and roles.
 *
 * Tests: test/unit/server_core/test_names.c, test_task_step.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/core/model.h"

#include <string.h>

const char *package_state_name(enum package_state s)
{
    switch (s) {
    case PACKAGE_NOT_NEEDED:
        return "NOT_NEEDED";
    case PACKAGE_UNVERIFIED:
        return "UNVERIFIED";
    case PACKAGE_VERIFYING:
        return "VERIFYING";
    case PACKAGE_VERIFIED:
        return "VERIFIED";
    case PACKAGE_VERIFY_FAILED:
        return "VERIFY_FAILED";
    }
    return "UNKNOWN";
}

bool package_state_parse(const char *name, enum package_state *out)
{
    for (int s = PACKAGE_NOT_NEEDED; s <= PACKAGE_VERIFY_FAILED; s++) {
        if (strcmp(name, package_state_name((enum package_state)s)) == 0) {
            *out = (enum package_state)s;
            return true;
        }
    }
    return false;
}

const char *job_type_name(enum job_type t)
{
    switch (t) {
    case JOB_VERIFY_FIRMWARE:
        return "VERIFY_FIRMWARE";
    case JOB_UPGRADE_FIRMWARE:
        return "UPGRADE_FIRMWARE";
    }
    return "UNKNOWN";
}

const char *job_state_name(enum job_state s)
{
    switch (s) {
    case JOB_PLANNED:
        return "PLANNED";
    case JOB_IN_PROGRESS:
        return "IN_PROGRESS";
    case JOB_COMPLETED:
        return "COMPLETED";
    case JOB_CANCELED:
        return "CANCELED";
    }
    return "UNKNOWN";
}

const char *task_state_name(enum task_state s)
{
    switch (s) {
    case TASK_CONFIRM:
        return "CONFIRM";
    case TASK_QUEUED:
        return "QUEUED";
    case TASK_NOTIFIED:
        return "NOTIFIED";
    case TASK_IN_PROGRESS:
        return "IN_PROGRESS";
    case TASK_SUCCEEDED:
        return "SUCCEEDED";
    case TASK_FAILED:
        return "FAILED";
    case TASK_CANCELED:
        return "CANCELED";
    }
    return "UNKNOWN";
}

const char *role_name(enum role r)
{
    switch (r) {
    case ROLE_VIEWER:
        return "viewer";
    case ROLE_OPERATOR:
        return "operator";
    case ROLE_ADMIN:
        return "admin";
    }
    return "unknown";
}

bool role_parse(const char *name, enum role *out)
{
    static const enum role ROLES[] = {ROLE_VIEWER, ROLE_OPERATOR, ROLE_ADMIN};

    for (size_t i = 0; i < sizeof ROLES / sizeof ROLES[0]; i++) {
        if (strcmp(name, role_name(ROLES[i])) == 0) {
            *out = ROLES[i];
            return true;
        }
    }
    return false;
}

bool task_is_over(enum task_state s)
{
    return s == TASK_SUCCEEDED || s == TASK_FAILED || s == TASK_CANCELED;
}
