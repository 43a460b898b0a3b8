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
# There is no systemd here: what the units say is run by hand.
become() {
    cd /opt/kotiruutu
    # shellcheck disable=SC2046
    exec setpriv --reuid kotiruutu-desk --regid kotiruutu-desk --clear-groups \
        $(sed -n "s/^$2=//p" "/usr/lib/systemd/system/kotiruutu-desk$1.service")
}
install -d -o kotiruutu-desk -m 0700 /var/lib/kotiruutu-broker
(become -broker ExecStartPre)
become -broker ExecStart >/tmp/broker 2>&1 &
broker=$!
become "" ExecStart >/tmp/desk 2>&1 &
desk=$!
become -devices ExecStart >/tmp/devices 2>&1 &
devices=$!
become -link ExecStart >/tmp/link 2>&1 &
link=$!
python3 - <<'P' || { cat /tmp/desk /tmp/devices; fail "no page"; }
import json, os, socket, ssl, time, urllib.request
def answer(url, **how):
    for _ in range(60):
        try:
            return urllib.request.urlopen(url, timeout=5, **how).read().decode()
        except OSError:
            time.sleep(1)
    raise SystemExit(f"nothing at {url}")
page = answer("http://localhost:8000/")
assert "<form" in page and "Kotiruutu" in page, page[:500]
# A new tablet gets the authority from the devices' port under this computer's own name, and trusts both ports by it.
first = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
first.check_hostname, first.verify_mode = False, ssl.CERT_NONE
host = os.environ["KOTIRUUTU_BROKER_HOST"]
authority = json.loads(answer(f"https://{host}:8443/device/v1/authority", context=first))["ca"]
trust = ssl.create_default_context(cadata=authority)
answer(f"https://{host}:8443/device/v1/authority", context=trust)
with socket.create_connection((host, 8883), 5) as plain, trust.wrap_socket(plain, server_hostname=host) as broker:
    assert broker.version(), "the broker's certificate"
P
i=0
until grep -q "New client connected.* as desk-" /tmp/broker; do
    i=$((i + 1)); [ $i -lt 60 ] || { cat /tmp/broker /tmp/link; fail "the link does not reach the broker"; }
    sleep 1
done
for part in $link $devices $desk $broker; do kill -TERM "$part"; wait "$part" || true; done
secret=$KOTIRUUTU_DESK_SECRET
apt-get install -qq -y --reinstall /srv/kotiruutu-desk_*.deb >/tmp/apt 2>&1 || { cat /tmp/apt; fail "installed again"; }
grep -qF "$secret" /etc/kotiruutu-desk/desk.env || fail "the secret was made again"
apt-get remove -qq -y kotiruutu-desk >/tmp/apt 2>&1 || { cat /tmp/apt; fail "remove"; }
[ ! -e /opt/kotiruutu ] || { find /opt/kotiruutu | head; fail "files were left behind"; }
[ -f /var/lib/kotiruutu-desk/desk.sqlite3 ] || [ -n "$(ls /var/lib/kotiruutu-desk)" ] || fail "removal alone must not delete data"
apt-get purge -qq -y kotiruutu-desk >/tmp/apt 2>&1 || { cat /tmp/apt; fail "purge"; }
for path in /var/lib/kotiruutu-desk /var/lib/kotiruutu-broker /var/lib/kotiruutu-signer /etc/kotiruutu-desk; do [ ! -e $path ] || fail "$path was left"; done
! getent passwd kotiruutu-signer >/dev/null || fail "the signer's user was left"
! getent passwd kotiruutu-desk >/dev/null || fail "the user was left"
