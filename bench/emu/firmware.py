# firmware.py - builds the small firmwares that tern-board's system tests and
# benchmark run. Needs arm-none-eabi-gcc.
#
# SPDX-License-Identifier: MIT
import os
import struct
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
OWN = os.path.join(HERE, "firmware")
CONFORMANCE = os.path.join(HERE, "../../test/emu/firmware")
FLAGS = ["-mcpu=cortex-m7", "-mthumb", "-mfpu=fpv5-d16", "-mfloat-abi=hard",
         "-std=gnu11", "-Os", "-g", "-ffreestanding", "-nostartfiles", "-Wall",
         "-I" + CONFORMANCE]
SCENARIO_OFFSET = 0x1800  # of the two words that the firmware reads
RECORD_OFFSET = 0x300000
RECORD_MAGIC = 0x31434552
IN_PLACE = 0x100
SECTOR = 0x1000
PAGE = 0x100
FLASH_BYTES = 0x800000


def compile_all(sources, linker_script, out, extra=()):
    """Objects are named NAME.c.o, as link.ld expects."""
    objects = []
    for source in sources:
        objects.append(os.path.join(
            os.path.dirname(out), os.path.basename(source) + ".o"))
        subprocess.run(["arm-none-eabi-gcc", *FLAGS, *extra, "-c", source,
                        "-o", objects[-1]], check=True)
    subprocess.run(["arm-none-eabi-gcc", *FLAGS, "-T", linker_script,
                    "-Wl,--no-warn-rwx-segments", *objects, "-lm",
                    "-o", out], check=True)
    return out


def binary(elf):
    subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", elf,
                    elf + ".bin"], check=True)
    return elf + ".bin"


def conformance(folder):
    """The conformance firmware of test/emu as an ELF file."""
    sources = [os.path.join(CONFORMANCE, name)
               for name in sorted(os.listdir(CONFORMANCE))
               if name.endswith((".c", ".S"))]
    return compile_all(sources, os.path.join(CONFORMANCE, "link.ld"),
                       os.path.join(folder, "conformance.elf"))


def record(folder):
    """The firmware of power-cut sweeps, record.c."""
    sources = [os.path.join(OWN, "record.c")]
    sources += [os.path.join(CONFORMANCE, name)
                for name in ("boot.S", "start.c", "console.c", "nor.c")]
    return compile_all(sources, os.path.join(CONFORMANCE, "link.ld"),
                       os.path.join(folder, "record.elf"))


def loop(folder, memory, rounds):
    extra = ["-DROUNDS=%d" % rounds] + (["-DMEMORY"] if memory else [])
    name = "%s-%d.elf" % ("memory" if memory else "alu", rounds)
    return compile_all([os.path.join(OWN, "loop.c")],
                       os.path.join(OWN, "loop.ld"),
                       os.path.join(folder, name), extra)


def flash_file(path, elf, scenario, argument=0):
    """A flash of 8 MiB with that firmware, told to do `scenario`."""
    with open(binary(elf), "rb") as f:
        image = bytearray(f.read())
    image += b"\xff" * (FLASH_BYTES - len(image))
    struct.pack_into("<II", image, SCENARIO_OFFSET, scenario, argument)
    with open(path, "wb") as f:
        f.write(image)
    return path


def record_sector(number):
    """One valid copy of record.c's number."""
    head = struct.pack("<IIII", RECORD_MAGIC, number, number ^ 0xFFFFFFFF, 0)
    payload = struct.pack("<%dI" % (PAGE // 4),
                          *(number + i for i in range(PAGE // 4)))
    sector = head + b"\xff" * (PAGE - len(head)) + payload
    return sector + b"\xff" * (SECTOR - len(sector))


def record_scenario(folder, elf, rounds, in_place=False, number=7,
                    reads_only=False):
    """Files for a sweep of record.c; returns the scenario's. reads_only: a
    recovery is over when the number has been found, and writes nothing."""
    flash_file(os.path.join(folder, "record.flash"), elf, 0,
               rounds | (IN_PLACE if in_place else 0))
    with open(os.path.join(folder, "sector.bin"), "wb") as f:
        f.write(record_sector(number))
    if reads_only:
        found = ['"number %d\\n"' % (number + i) for i in range(rounds + 1)]
        ends = "recovered = %s \"no record\"\n" % " ".join(found[:7])
    else:
        ends = 'console = "stored\\n"\nexit = 0\n'
    path = os.path.join(folder, "record.scn")
    with open(path, "w", encoding="ascii") as f:
        f.write('flash = record.flash\n'
                'load = 0x%x sector.bin\n'
                'limit = 30\n'
                'end = exit\n'
                'never = "no record" "died"\n' % RECORD_OFFSET + ends)
    return path
