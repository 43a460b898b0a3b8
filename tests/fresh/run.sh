#!/bin/sh
# What a newcomer does first, on bare systems: `make demo` in a root of each Debian until the picture is there.
# Usage: tests/fresh/run.sh [SUITE…]; needs root, mmdebstrap and the network: without one of them it ends with 2.
# FRESH_COMMAND="make check" runs that instead.
set -eu
cd "$(dirname "$0")/../.."
here=$(pwd)
[ "$(id -u)" = 0 ] || { echo "Not root: a bare system cannot be built here."; exit 2; }
unshare --mount --pid --fork true 2>/dev/null || { echo "No namespaces of our own are allowed here."; exit 2; }
command -v mmdebstrap >/dev/null || { echo "mmdebstrap is not installed."; exit 2; }

# The network's own ways (proxies, certificates) are the machine's and not the system's.
surroundings() { env | grep -iE '^(https?_proxy|no_proxy|ssl_cert_file|pip_[a-z_]*|requests_ca_bundle)=' || true; }

build() {
    mmdebstrap --quiet --variant=apt --include=make,python3,ca-certificates "$1" "$2" || return
    printf '#!/bin/sh\nexit 101\n' >"$2/usr/sbin/policy-rc.d"
    chmod 755 "$2/usr/sbin/policy-rc.d"
    for file in /etc/ssl/certs/ca-certificates.crt /etc/pip.conf; do
        [ ! -f "$file" ] || cp -L "$file" "$2$file"
    done
    echo '127.0.0.1 localhost' >"$2/etc/hosts"
    mkdir -p "$2/srv/kotiruutu"
    git ls-files -z --cached --others --exclude-standard | xargs -0 tar -c 2>/dev/null | tar -x -C "$2/srv/kotiruutu"
}

try() {
    root=$(mktemp -d "${TMPDIR:-/tmp}/kotiruutu-fresh.XXXXXX")
    trap 'rm -rf "$root"' EXIT
    trap 'exit 130' INT TERM
    began=$(date +%s)
    build "$1" "$root" || { echo "$1: no bare system could be built: is there a network?"; return 2; }
    built=$(date +%s)
    if unshare --mount --pid --fork --kill-child --mount-proc="$root/proc" \
        env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 FRESH_COMMAND="${FRESH_COMMAND:-}" $(surroundings) \
        sh -c 'mount --rbind /dev "$0/dev"; mount -t tmpfs tmpfs "$0/tmp"; exec chroot "$0" sh /srv/kotiruutu/tests/fresh/inside.sh' "$root"
    then
        echo "$1: done $(($(date +%s) - built)) s after the first command (the system itself: $((built - began)) s)"
    else
        echo "$1: FAILED"
        return 1
    fi
    rm -rf "$root"
    trap - EXIT
}

status=0
for suite in ${*:-bookworm trixie}; do
    (try "$suite") || { ended=$?; [ "$status" = 1 ] || status=$ended; }
    cd "$here"
done
exit $status
