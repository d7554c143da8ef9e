/* agent_log.h - lines for a person, in the words of the device consoles that
 * engineers know: a code, then the text.
 *
 * Every line stands in the list below, so that a device that has no console
 * leaves all of them out of its flash by linking one other file: agent_log.c
 * says them, agent_log_none.c says nothing.
 *
 * Tests: test/unit/agent/test_agent_log.c
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_AGENT_LOG_H
#define TERN_AGENT_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "port/port_log.h"

enum {
    AGENT_LOG_LINE_MAX = 160, /* with NUL; on the stack while it is made */
    AGENT_LOG_WRAP = 120,     /* bytes of a long text per line */
};

/* Arguments as text_format() takes them. */
#define AGENT_LINE_LIST(X)                                                     \
    X(LINE_LINK_UP, "[LK-0313] connected to the broker")                       \
    X(LINE_LINK_DOWN, "[LK-0314] link is down, will reconnect")                \
    X(LINE_REFUSED, "broker refused the login, code %u "                       \
                    "(5: name, secret or not enabled)")                        \
    X(LINE_TOPIC, "[LK-0309] pub: %s")                                         \
    X(LINE_SENT, "[LK-030A] > %s")                                             \
    X(LINE_HEARD, "[LK-030A] < %s")                                            \
    X(LINE_REQUEST, "[LK-040B] > %s")                                          \
    X(LINE_REPLY, "[LK-040D] < %s")                                            \
    X(LINE_UNTOLD, "boot record: flash failed, outcome will be told again")    \
    X(LINE_UNFIT, "self-test failed")                                          \
    X(LINE_CONFIRMED, "firmware confirmed")                                    \
    X(LINE_GIVEN_UP, "trial given up: the bootloader goes back. SystemReset")  \
    X(LINE_NO_UPDATE, "no update is waiting")                                  \
    X(LINE_PUSH_EARLY, "push left to the pull")                                \
    X(LINE_PUSH_LATE, "push left to the pull after the reset")                 \
    X(LINE_PUSH_SAME, "push repeated, already at it")                          \
    X(LINE_PUSH_RUNS, "this version runs already: informing again")            \
    X(LINE_PUSH_BAD, "push refused: %s")                                       \
    X(LINE_TARGET, "OTA target firmware version: %s, size: %u Bytes")          \
    X(LINE_RESUMING, "resuming: part of it is in flash already")               \
    X(LINE_PROGRESS, "download %d%% done, +%u bytes")                          \
    X(LINE_INTERRUPTED, "download interrupted at %u: %s")                      \
    X(LINE_NEXT_TRY, "next try in %u ms")                                      \
    X(LINE_MATCHED, "[LK-0901] digest matched")                                \
    X(LINE_MISMATCH, "[LK-0904] digest mismatch")                              \
    X(LINE_START_OVER, "bytes of an earlier boot went bad: start over")        \
    X(LINE_JOURNAL_STAYS, "journal could not be erased")                       \
    X(LINE_VERIFIED, "image hash and signature verified")                      \
    X(LINE_FAILED, "OTA failed: %d %s")                                        \
    X(LINE_ARMED, "trial armed: slot %u, version %s. "                         \
                  "Down finished all.SystemReset Now...")

#define AGENT_LINE_NAME(name, text) name,
enum agent_line { AGENT_LINE_LIST(AGENT_LINE_NAME) LINE_COUNT };
#undef AGENT_LINE_NAME

/* Say a line. log may be NULL in both.
 *
 * line  an enum agent_line; unsigned, because variable arguments may not follow
 *       a type that a compiler makes narrower. */
void agent_log(const struct port_log *log, unsigned line, ...);

/* Say a text of any length as the line's %s. Long text goes on in further lines
 * of the same kind; bytes that do not print become dots: the text may come from
 * the network. */
void agent_log_text(const struct port_log *log, enum agent_line line,
                    const char *text, size_t len);

/* Say what was sent or heard: LINE_SENT, LINE_HEARD. As agent_log_text() does
 * it, or in hex and text where agent_payload_hex.c is linked. */
void agent_log_payload(const struct port_log *log, enum agent_line line,
                       const char *bytes, size_t len);

#endif
