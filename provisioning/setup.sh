#!/bin/sh
# Makes this folder ready: Debian packages, the Python environment in .venv, the translations.
# Usage: provisioning/setup.sh demo|all      ("all" adds what the tests and checks need)
# A second run finds its mark and does nothing.
set -eu
cd "$(dirname "$0")/.."
want=${1:-all}
log=build/setup.log

for_demo="mosquitto xvfb libgl1-mesa-dri libgl1 libegl1 libgles2 libmtdev1
    libxcursor1 libxi6 libxss1 libfribidi0 fonts-materialdesignicons-webfont fonts-noto-core gettext python3-venv
    libvlc5 vlc-plugin-base espeak-ng libportaudio2 libasound2-plugins libpulse0"
# Debian 13 has no package of the café's engine: that of Debian 12 is unpacked, and uses these of the system.
for_unpacked_janus="libcurl4 libglib2.0-0 libjansson4 libnice10 libogg0 libopus0 libsrtp2-1 libssl3 libsystemd0
    libusrsctp2 zlib1g"
# The pins of a Raspberry Pi; nothing else has them, and there is no wheel for every Python.
for_pi="python3-lgpio"
for_tests="chromium dbus-daemon coturn postgresql systemd xdotool pulseaudio pulseaudio-utils sip-tester baresip-core
    kamailio kamailio-tls-modules libnet-smpp-perl"

is_pi() { grep -q "Raspberry Pi" /proc/device-tree/model 2>/dev/null; }

say() { printf '%s\n' "$*"; }
stop() { printf '\n%s\n' "$*" >&2; exit 1; }

# What was installed depends on these, and on the folder; the tools' settings at the end of pyproject do not matter.
key() { { pwd; sed '/^\[tool\.pytest/,$d' pyproject.toml; cat constraints.txt provisioning/setup.sh provisioning/janus_packages.py; } | sha256sum; }
is_done() { [ -x .venv/bin/python ] && [ "$(cat ".venv/ready-for-$1" 2>/dev/null)" = "$(key)" ]; }

find_python() {
    for python in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then return; fi
    done
    stop "Kotiruutu needs Python 3.11 or newer, and found $(python3 --version 2>&1 || say none).
Debian 12 and the Raspberry Pi OS of the same year bring it."
}

# Under its own name or, as libmtdev1 is by libmtdev1t64 of Debian 13, provided by another.
missing_packages() {
    there=$(dpkg-query -W -f '${db:Status-Status} ${Package}, ${Provides}\n' | sed -n 's/^installed //p' |
        tr ',' '\n' | sed 's/^ *//; s/ (.*//')
    for name in $1; do
        printf '%s\n' "$there" | grep -qxF "$name" || printf '%s ' "$name"
    done
}

explain_and_stop() {
    tail -n 15 "$log" >&2
    if grep -qiE 'temporary failure|could not resolve|name or service not known|unreachable|failed to establish|connection (timed out|refused)' "$log"
    then stop "There is no network, or it does not let this machine through. $1 needs it once; try again when it is there."
    fi
    stop "$1 failed; the lines above are the end of $log."
}

install_packages() {
    command -v dpkg-query >/dev/null || {
        say "This is not Debian: see yourself to what these packages hold: $1"; return; }
    missing=$(missing_packages "$1")
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" = 0 ]; then as_root=""
    elif sudo -n true 2>/dev/null; then as_root="sudo -n"
    else stop "Some Debian packages are missing, and only root can install them. Please run:
    sudo apt-get update && sudo apt-get install --no-install-recommends $missing
and start again."
    fi
    say "Installing Debian packages (some minutes): $missing"
    { $as_root apt-get update -qq -o APT::Update::Error-Mode=any &&
      $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing
    } >"$log" 2>&1 </dev/null || explain_and_stop "Installing the Debian packages"
}

# The café alone needs it: without it all else goes on, and the café says that it cannot be reached. The tests try both.
install_janus() {
    if [ -z "$(missing_packages janus)" ] || apt-get install --simulate janus >/dev/null 2>&1; then
        install_packages janus
        [ "$want" = all ] || return 0
    fi
    install_packages "$for_unpacked_janus"
    python3 provisioning/janus_packages.py .venv/janus || say "The café cannot be reached without it."
}

install_python() {
    find_python
    say "Installing Python packages into .venv (minutes the first time)"
    [ -x .venv/bin/python ] && .venv/bin/python -c 'import pip' 2>/dev/null ||
        "$python" -m venv --clear .venv >"$log" 2>&1 || explain_and_stop "Making the Python environment"
    .venv/bin/python -m pip install -q --disable-pip-version-check 'pip>=25.1' >"$log" 2>&1 ||
        explain_and_stop "Installing pip"
    is_pi && for file in /usr/lib/python3/dist-packages/*lgpio*; do
        ln -sf "$file" "$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/"
    done
    group=""; [ "$want" = demo ] || group="--group dev"
    # editable_mode: a plain line with this folder's path, instead of a finder that every start of Python would run.
    .venv/bin/python -m pip install -q --disable-pip-version-check --root-user-action ignore \
        -c constraints.txt --config-settings editable_mode=compat -e '.[device,calls,window,desk]' $group >"$log" 2>&1 ||
        explain_and_stop "Installing the Python packages"
}

compile_translations() {
    for po in device/screen/locale/*/LC_MESSAGES/*.po cloud/*/locale/*/LC_MESSAGES/*.po; do
        mo=${po%.po}.mo
        [ ! -f "$po" ] || [ "$mo" -nt "$po" ] || msgfmt --check-format -o "$mo" "$po" ||
            stop "The translation $po is not well-formed; the line above says where."
    done
}

# A tablet's services may not write here: without this they would compile themselves at each start.
compile_python() {
    .venv/bin/python -m compileall -q device hal kiosk_ui || stop "The Python code above cannot be compiled."
}

case $want in demo | all) ;; *) stop "Usage: $0 demo|all" ;; esac
mkdir -p build 2>/dev/null && [ -w build ] || stop "Cannot write to $(pwd): choose a folder of your own."
if ! is_done all && ! { [ "$want" = demo ] && is_done demo; }; then
    exec 9>build/setup.lock
    flock -n 9 || { say "Another set-up runs in this folder; waiting for it."; flock 9; }
    packages=$for_demo; [ "$want" = demo ] || packages="$for_demo $for_tests"
    ! is_pi || packages="$packages $for_pi"
    install_packages "$packages"
    install_python
    ! command -v apt-get >/dev/null || install_janus
    key >".venv/ready-for-$want"
    say "Set up."
fi
compile_translations
compile_python
