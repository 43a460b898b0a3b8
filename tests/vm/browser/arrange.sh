#!/bin/sh
# Inside mmdebstrap: Chromium in cage shows the page of the screen's benchmark, and nothing of ours starts.
# Usage: arrange.sh ROOT
set -eu
root=$1
.venv/bin/python -m tests.vm.browser "$root/opt/page"
install -m 644 tests/vm/browser/kiosk.service "$root/etc/systemd/system/kiosk.service"
chroot "$root" systemctl --quiet enable seatd kiosk
chroot "$root" systemctl --quiet mask kotiruutu.target
