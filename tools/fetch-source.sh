#!/bin/sh
# fetch-source.sh - unpack a pinned Debian source package.
#
#   tools/fetch-source.sh PACKAGE FOLDER
#
# Uses the machine's own package sources with a private apt state, so it needs
# no root and changes nothing outside FOLDER. TERN_SOURCE_CACHE may name a
# folder that already holds the files (to build without network).
#
# SPDX-License-Identifier: MIT
set -eu

usage="usage: tools/fetch-source.sh PACKAGE FOLDER"
package=${1:?$usage}
folder=${2:?$usage}

case $package in
bearssl)
    version=0.6+dfsg.1-3
    sums="102a625bd8f6155260867a50c508df8d8c3f796985dd744df1a68e5cd1a79004  bearssl_0.6+dfsg.1.orig.tar.xz
9bd17e07fc9824b0223dcb4ba14adac17981a4d8f1d63b6655819fe8f2ed98d1  bearssl_0.6+dfsg.1-3.dsc"
    ;;
lwip)
    version=2.1.3+dfsg1-2
    sums="0a8276d09fc4e97bbba2f953d74af2388fc2195ea156be9d7589e297a68fde24  lwip_2.1.3+dfsg1.orig.tar.xz
c5a48413d362cc757032cdd58f528f75eb64ee781ca46ca24f010b49b0e62a90  lwip_2.1.3+dfsg1-2.debian.tar.xz
8d8f944db8e6d542fc2d6f01559078fb1b5dda71651c67ee5fa3571ed1342c50  lwip_2.1.3+dfsg1-2.dsc"
    ;;
*)
    echo "fetch-source: no pinned version for '$package'; add one here" >&2
    exit 1
    ;;
esac

work=$folder.fetch
rm -rf "$work" "$folder"
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/parts"
cd "$work"

download() {
    for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [ -f "$list" ] || continue
        sed -n 's/^deb \(.*\)/deb-src \1/p' "$list" \
            >"parts/$(basename "$list" .list).list"
    done
    for list in /etc/apt/sources.list.d/*.sources; do
        [ -f "$list" ] || continue
        sed 's/^Types:.*/Types: deb-src/' "$list" \
            >"parts/$(basename "$list")"
    done
    set -- -qq -o Dir::Etc::sourcelist=/dev/null \
        -o "Dir::Etc::sourceparts=$PWD/parts" \
        -o "Dir::State::Lists=$PWD/lists" -o "Dir::Cache=$PWD/cache" \
        -o APT::Sandbox::User=root
    apt-get "$@" update
    apt-get "$@" --download-only source "$package=$version"
}

if [ -n "${TERN_SOURCE_CACHE:-}" ]; then
    cp "$TERN_SOURCE_CACHE/${package}_"* .
else
    download
fi
printf '%s\n' "$sums" | sha256sum --check --quiet
dpkg-source --no-check -x "${package}_$version.dsc" "$folder" >/dev/null
cd /
rm -rf "$work"
