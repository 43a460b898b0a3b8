#!/bin/sh
# Installs the packages of build/package in bare Debian roots, tries them, and takes them away again.
# Usage: [PACKAGES=desk] tests/fresh/packages.sh [SUITE…]; needs root, mmdebstrap and the network.
set -eu
cd "$(dirname "$0")/../.."
[ "$(id -u)" = 0 ] || { echo "Not root: a bare system cannot be built here."; exit 2; }
command -v mmdebstrap >/dev/null || { echo "mmdebstrap is not installed."; exit 2; }
arch=$(dpkg --print-architecture)

surroundings() { env | grep -iE '^(https?_proxy|no_proxy)=' || true; }

try() {
    root=$(mktemp -d "${TMPDIR:-/tmp}/kotiruutu-packages.XXXXXX")
    trap 'rm -rf "$root"' EXIT
    trap 'exit 130' INT TERM
    mmdebstrap --quiet --variant=apt "$1" "$root"
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod 755 "$root/usr/sbin/policy-rc.d"
    printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$(hostname)" >"$root/etc/hosts"
    mkdir -p "$root/srv"
    cp build/package/kotiruutu-*_"$arch".deb tests/fresh/*.sh "$root/srv/"
    for name in ${PACKAGES:-tablet desk}; do
        began=$(date +%s)
        unshare --mount --pid --fork --kill-child --mount-proc="$root/proc" \
            env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive $(surroundings) \
            sh -c 'mount --rbind /dev "$0/dev"; mount -t tmpfs tmpfs "$0/tmp"; exec chroot "$0" sh "/srv/packages-$1.sh"' "$root" "$name" ||
            { echo "$1: kotiruutu-$name FAILED"; return 1; }
        echo "$1: kotiruutu-$name installed, tried, removed and purged in $(($(date +%s) - began)) s"
    done
    rm -rf "$root"
    trap - EXIT
}

status=0
for suite in ${*:-bookworm trixie}; do (try "$suite") || status=1; done
exit $status
