#!/usr/bin/python3
# size.py BUILD - bytes of the device code, linked, per library, beside what we
# aim at and what it may not exceed today. BUILD is the folder of the arm preset.
#
# The budget is a ratchet: lower it when the code gets smaller, and only then.
#
# flash is what is linked (text, constants, initial data), bss is RAM that is
# zero at start; the stub ports and main are left out. "digest" is what an agent
# needs of the crypto libraries besides the signature: BearSSL's MD5 and SHA-256
# with their byte-order helpers, and crypto.c (digests, HMAC, compare). "quiet"
# is the agent with agent_log_none.c, which has no console lines. "boot" is the
# boot core with NXP's mailbox, "words" that with the lines it says on a console,
# "rsa" "boot" with an RSA-2048 key beside the P-256 one. "small" is the boot core
# without mailbox, over p256_small.c: what it does is what the other bootloaders'
# figures count. "swap" is the same for parts without remap (boot_place_swap.c).
# All of these have mem_small.c in place of newlib's memcpy and its like: libc.
#
# SPDX-License-Identifier: MIT
import collections
import re
import subprocess
import sys

BOOT = ("boot", "image", "base", "crypto", "digest", "bearssl", "libc")
AGENT = ("agent", "base", "digest")
# program, the libraries that count, aim and budget in bytes, and what a peer has
LIMITS = [
    ("boot", BOOT, 16384, 15952, None),
    ("words", BOOT, None, 18784, None),
    ("rsa", BOOT, None, 17296, 12104),
    ("small", BOOT, 12288, 11520, 8912),
    ("small", ("boot", "image", "base"), 4096, 4080, 2717),
    ("swap", BOOT, 12288, 12256, 11964),
    ("agent", AGENT, 12288, 17728, 26302),
    ("quiet", AGENT, 12288, 16608, None),
]
PEERS = """\
peers, by the same compiler and flags, linked with stubs: MCUboot's bootutil with
ECDSA P-256 by tinycrypt, direct-xip with revert (small; 2,717 without crypto and
libc) and swap-move (swap; 5,480 bytes of bss, ours none), with RSA-2048 by
mbedTLS (rsa); Alibaba's Link SDK v4 core and ota, MQTT included (agent)"""
AGENT_RAM = 4096


DIGEST = re.compile(r"libbearssl\.a\((md5|sha2small|(enc|dec)32[bl]e)\.c"
                    r"|libtern_crypto\.a\(crypto\.c")


def library(path):
    if DIGEST.search(path):
        return "digest"
    own = re.search(r"libtern_(\w+)\.a|/(agent)_log_none\.c"
                    r"|/(crypto)/p256_small\.c"
                    r"|/(boot)/boot_place_swap\.c", path)
    if own:
        return next(name for name in own.groups() if name)
    if "libbearssl" in path:
        return "bearssl"
    if "CMakeFiles" in path and not path.endswith("/mem_small.c.obj"):
        return None
    return "libc"


def by_library(map_file):
    """{library: [flash, bss]} of a linker map."""
    with open(map_file, encoding="utf-8") as f:
        text = f.read().split("Linker script and memory map")[1]
    sizes = collections.defaultdict(lambda: [0, 0])
    section = r"^ \.(text|rodata|data|bss)\S*\s+0x(\w+)\s+0x(\w+) (\S+)$"
    found = [(int(at, 16), int(size, 16), kind, path) for kind, at, size, path
             in re.findall(section, text, re.MULTILINE) if int(at, 16)]
    # Strings that an earlier file has already are merged into it, but the map
    # still gives their old size: a section ends where the next one begins.
    found.sort(key=lambda entry: entry[0])
    for (at, size, kind, path), after in zip(found, found[1:] + [None]):
        lib = library(path)
        if after:
            size = min(size, after[0] - at)
        if lib:
            sizes[lib][kind == "bss"] += size
    return sizes


def print_table(program, sizes):
    print("\n%s, linked for Cortex-M7 (bytes)" % program)
    print("  %-10s %8s %8s" % ("library", "flash", "bss"))
    for lib, (flash, bss) in sorted(sizes.items()):
        if flash or bss:
            print("  %-10s %8d %8d" % (lib, flash, bss))


def agent_ram(build):
    symbols = subprocess.run(
        ["arm-none-eabi-nm", "-S", build + "/bin/size_agent"],
        check=True, capture_output=True, text=True).stdout
    return int(re.search(r"^\w+ (\w+) b agent$", symbols, re.M).group(1), 16)


def main():
    build = sys.argv[1]
    maps = {p: by_library("%s/size_%s.map" % (build, p))
            for p in ("boot", "words", "rsa", "small", "swap", "agent",
                      "quiet")}
    for program, sizes in maps.items():
        print_table(program, sizes)
    rows = [(program, sum(maps[program][lib][0] for lib in libs), aim, budget,
             peer, "flash: " + " ".join(libs))
            for program, libs, aim, budget, peer in LIMITS]
    rows.append(("agent", agent_ram(build), AGENT_RAM, AGENT_RAM, None,
                 "RAM of struct agent, buffers included"))
    print("\n  %-8s %8s %8s %8s %8s" % ("program", "bytes", "aim", "budget",
                                       "peer"))
    for name, size, aim, budget, peer, what in rows:
        print("  %-8s %8d %8s %8d %8s  %s" % (name, size, aim or "-", budget,
                                              peer or "-", what))
    print(PEERS)
    over = [row for row in rows if row[1] > row[3]]
    for row in over:
        print("size: %s is over its budget: %s" % (row[0], row[5]),
              file=sys.stderr)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
