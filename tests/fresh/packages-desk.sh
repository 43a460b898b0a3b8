#!/bin/sh
# Inside a bare system: the desk's package, from its installation until nothing is left of it.
set -eu
fail() { echo "FAILED: $*"; exit 1; }
apt-get update -qq
apt-get install -qq -y --no-install-recommends /srv/kotiruutu-desk_*.deb >/tmp/apt 2>&1 || { tail -30 /tmp/apt; fail "apt"; }

[ "$(stat -c %a /etc/kotiruutu-desk/desk.env)" = 600 ] || fail "the secret can be read"
[ -f /var/lib/kotiruutu-desk/pki/ca.pem ] || fail "there is no authority"
[ ! -e /var/lib/kotiruutu-desk/pki/ca.key ] || fail "the pages can read the authority's key"
[ "$(stat -c '%U %a' /var/lib/kotiruutu-signer/ca.key)" = "kotiruutu-signer 600" ] || fail "whose is the authority's key?"
[ "$(stat -c '%U %a' /var/lib/kotiruutu-signer)" = "kotiruutu-signer 700" ] || fail "who may enter the signer's directory?"
[ -L /etc/systemd/system/kotiruutu-desk.target.wants/kotiruutu-desk.service ] || fail "the services are not enabled"
set -a; . /etc/kotiruutu-desk/desk.env; set +a
export KOTIRUUTU_DESK_DATA=/var/lib/kotiruutu-desk
setpriv --reuid kotiruutu-desk --regid kotiruutu-desk --clear-groups kotiruutu-desk serve pages --port 8000 >/tmp/desk 2>&1 &
desk=$!
python3 - <<'P' || { cat /tmp/desk; fail "no page"; }
import time, urllib.request
for _ in range(60):
    try:
        page = urllib.request.urlopen("http://localhost:8000/", timeout=5).read().decode()
        break
    except OSError:
        time.sleep(1)
assert "<form" in page and "Kotiruutu" in page, page[:500]
P
kill -TERM $desk; wait $desk || true
secret=$KOTIRUUTU_DESK_SECRET
apt-get install -qq -y --reinstall /srv/kotiruutu-desk_*.deb >/tmp/apt 2>&1 || { cat /tmp/apt; fail "installed again"; }
grep -qF "$secret" /etc/kotiruutu-desk/desk.env || fail "the secret was made again"
apt-get remove -qq -y kotiruutu-desk >/tmp/apt 2>&1 || { cat /tmp/apt; fail "remove"; }
[ ! -e /opt/kotiruutu ] || { find /opt/kotiruutu | head; fail "files were left behind"; }
[ -f /var/lib/kotiruutu-desk/desk.sqlite3 ] || [ -n "$(ls /var/lib/kotiruutu-desk)" ] || fail "removal alone must not delete data"
apt-get purge -qq -y kotiruutu-desk >/tmp/apt 2>&1 || { cat /tmp/apt; fail "purge"; }
for path in /var/lib/kotiruutu-desk /var/lib/kotiruutu-signer /etc/kotiruutu-desk; do [ ! -e $path ] || fail "$path was left"; done
! getent passwd kotiruutu-signer >/dev/null || fail "the signer's user was left"
! getent passwd kotiruutu-desk >/dev/null || fail "the user was left"
