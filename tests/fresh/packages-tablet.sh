#!/bin/sh
# Inside a bare system: the tablet's package, from its installation until nothing is left of it.
set -eu
fail() { echo "FAILED: $*"; exit 1; }
python=/opt/kotiruutu/.venv/bin/python
apt-get update -qq
apt-get install -qq -y --no-install-recommends /srv/kotiruutu-tablet_*.deb >/tmp/apt 2>&1 || { tail -30 /tmp/apt; fail "apt"; }

kotiruutu --help >/dev/null || fail "the command does not run"
[ -L /etc/systemd/system/multi-user.target.wants/kotiruutu.target ] || fail "the services are not enabled"
[ "$(stat -c %U:%a /var/lib/kotiruutu/identity)" = kotiruutu:700 ] || fail "the folder for the key"
(cd / && $python -c "import device.tablet, device.media.main, kiosk_ui.pages.compose, kivy") || fail "a Python part is missing"
find /opt/kotiruutu/device -name '*.pyc' | grep -q . || fail "nothing was compiled"

# The core runs as its user on what the package brought, with no desk to be found, and says how it is.
cd /opt/kotiruutu
printf '{"device":"d","desk_url":"https://localhost:9","broker_host":"localhost","broker_port":9}' \
    >/var/lib/kotiruutu/identity/link.json
chown -R kotiruutu: /var/lib/kotiruutu
setpriv --reuid kotiruutu --regid kotiruutu --clear-groups $python -m device --settings /etc/kotiruutu/device.toml \
    >/tmp/core 2>&1 &
core=$!
for _ in $(seq 60); do [ -f /var/lib/kotiruutu/data/health.json ] && break; sleep 1; done
kotiruutu health --data /var/lib/kotiruutu/data >/tmp/health || true
grep -q . /tmp/health || { cat /tmp/core; fail "the core does not say how it is"; }
kill -TERM $core
wait $core || { cat /tmp/core; fail "the core did not end in order"; }

echo 'clock = "trusted" # mine' >>/etc/kotiruutu/device.toml
apt-get install -qq -y --reinstall /srv/kotiruutu-tablet_*.deb >/tmp/apt 2>&1 || { cat /tmp/apt; fail "installed again"; }
grep -q mine /etc/kotiruutu/device.toml || fail "the installer's settings were overwritten"
apt-get remove -qq -y kotiruutu-tablet >/tmp/apt 2>&1 || { cat /tmp/apt; fail "remove"; }
[ ! -e /opt/kotiruutu ] || { find /opt/kotiruutu | head; fail "files were left behind"; }
[ -d /var/lib/kotiruutu/data ] || fail "removal alone must not delete what the resident has"
apt-get purge -qq -y kotiruutu-tablet >/tmp/apt 2>&1 || { cat /tmp/apt; fail "purge"; }
for path in /var/lib/kotiruutu /var/cache/kotiruutu /etc/kotiruutu; do [ ! -e $path ] || fail "$path was left"; done
! getent passwd kotiruutu >/dev/null || fail "the user was left"
! find /etc/systemd -name 'kotiruutu*' | grep . || fail "a link to a service was left"
