#!/bin/sh
# Writes the tar of a minimal Debian trixie to standard output, for machines that reach no image registry.
# Needs root and debootstrap. The mirror is apt's own if it is given, debootstrap's default otherwise.
# Every file goes below a fresh folder that is removed at the end, however that comes.
#
#   base.sh [MIRROR] > base.tar
set -eu

root=$(mktemp -d "${TMPDIR:-/var/tmp}/codesync-base.XXXXXX")
trap 'rm -rf "$root"' EXIT
trap 'exit 1' HUP INT TERM

debootstrap --variant=minbase --include=ca-certificates trixie "$root/rootfs" ${1:+"$1"} >&2

# What a container never reads: it would travel with the image for nothing.
tar --create --numeric-owner --directory "$root/rootfs" \
  --exclude='./var/cache/apt/*' --exclude='./var/lib/apt/lists/*' --exclude='./var/log/*' \
  --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*' \
  --exclude='./usr/share/info/*' --exclude='./dev/*' --exclude='./debootstrap' .
