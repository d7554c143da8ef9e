#!/bin/sh
# prove.sh [FILE] - prove with frama-c WP what the contracts in the source say:
# no run-time error (no access outside, no overflow, no bad shift) in what reads
# hostile bytes, and the invariants of the boot step table.
#
# Prints the goals of each file, proved / all; fails if one is not proved.
# proof/README.md says what that is worth. Needs frama-c-base, why3, cvc4, z3.
#
# SPDX-License-Identifier: MIT
set -eu
cd "$(dirname "$0")/.."
only=${1:-}
work=build/proof
mkdir -p "$work"
export WHY3CONFIG="$PWD/$work/why3.conf"
[ -s "$WHY3CONFIG" ] || why3 config detect >"$work/detect.log" 2>&1
unproved=0

# prove FILE FUNCTIONS [OPTION...] - functions of FILE that are to be proved.
# Those of the file that are not named are left out, with their reasons below.
prove() {
    file=$1
    functions=$2
    shift 2
    [ -z "$only" ] || [ "$only" = "$file" ] || return 0
    log=$work/$(echo "$file" | tr / -).${functions%%,*}.log
    # The model: pointers that are only dereferenced are variables (Ref), casts
    # keep the address (Cast: void * to bytes and back).
    frama-c -cpp-extra-args="-I. -include proof/ports.h \
            -idirafter /usr/include/bearssl" -c11 \
        -wp -wp-rte -rte-no-pointer-call -wp-model Typed+Cast+Ref \
        -wp-prover tip,cvc4,z3 -wp-timeout "${TIMEOUT:-20}" -wp-par "$(nproc)" \
        -wp-session "$work/session" -wp-fct "$functions" "$@" "$file" \
        >"$log" 2>&1 || {
        tail -20 "$log" >&2
        echo "prove: frama-c cannot read $file: see $log" >&2
        exit 1
    }
    sum=$(sed -n 's/^\[wp\] Proved goals: *//p' "$log" | tail -1 | tr -d ' ')
    printf '%-24s %s\n' "$file" "${sum:-none}"
    if [ -z "$sum" ] || [ "${sum%/*}" != "${sum#*/}" ]; then
        grep '^\[wp\] \[Failed\]' "$log" >&2 || true
        unproved=1
    fi
}

prove base/cursor.c \
    cur_over,cur_left,cur_take,cur_u8,cur_u16le,cur_u32le,get_u16le,get_u32le,put_u16le,put_u32le
prove base/crc32.c crc32
# Not text_add and what builds on it: they take C strings, for whose strlen WP
# has no memory model that keeps up. test_text.c and ASan stand for them.
prove base/text.c text_read_u32
# Not version_format: variable arguments.
prove base/version.c version_parse,part_parse,version_compare,rank
# All but image_parse and tlvs_parse, which clear and copy the whole result as
# one object and read the counter through a cast, and field_take, which
# addresses a field by its offset: WP's typed memory has no such pointers. That
# what field_take is asked for lies in the result is proved, and that each value
# fills its field is a static assertion in image.c; fuzz_image and ASan stand
# for the rest. Unsigned sums may not wrap either.
prove image/image.c \
    left,take,version_read,header_check,header_parse,known_find,image_dependency_read,dependency_take,value_take,tlv_parse,part_open,part_parse \
    -warn-unsigned-overflow
# The provers do not know that a shift by 24 of a byte keeps it.
prove image/image.c rank
prove image/image_hash_software.c image_hash_by_software -warn-unsigned-overflow
# Not find and boot_record_load, which assign whole structures (WP then forgets
# their fields), nor boot_record_store, which calls three function pointers in
# one condition (WP can be told of one). fuzz_record and the power-cut sweeps
# stand for them.
prove boot/boot_record.c \
    copy_offset,encode,in_range,is_valid,decode,is_newer,copy_read,boot_record_same
prove boot/boot_step.c \
    boot_phase,boot_preferred,boot_running,boot_mark_fits,boot_is_proven,boot_rule,outcome_set,outcome_clear,floor_raise,tries_set,arm,slot_confirm,confirm,withdraw,last_resort,give_back,boot_apply \
    -wp-auto wp:bitrange,wp:split -wp-auto-depth 4
# Not collect and settle: they call the flash; the sweeps stand for them.
prove boot/nxp_mailbox.c \
    is_well_formed,nxp_trailer_read,nxp_trailer_adopt,nxp_trailer_make
# Not sectors, begin and boot_place: they parse and store; swap_cut stands for
# them.
prove boot/boot_place_swap.c \
    sector_erase,sector_copy,mark_check,mark_set,marks_erase,step,steps_done,exchange,rename_slots,boot_place_pending

[ "$unproved" -eq 0 ] || {
    echo "prove: there are goals that are not proved" >&2
    exit 1
}
echo "prove: every goal is proved"
