# SPDX-License-Identifier: MIT
find_package(Threads REQUIRED)

# The nouns and the pure rules; no thread, no database (the CLI prints the
# task table from here).
tern_library(NAME model
    SOURCES model.c diag.c task_step.c package_step.c
    LIBS base)

tern_library(NAME core
    SOURCES core.c effects.c people.c verify.c access.c uplink.c task_run.c push.c link.c
            package_check.c checks.c release_keys.c names.c
    LIBS model identity base image PkgConfig::LIBCRYPTO Threads::Threads)
# Defined by a folder that is read later, so it cannot be looked up by name.
target_link_libraries(tern_core PUBLIC tern_store)
