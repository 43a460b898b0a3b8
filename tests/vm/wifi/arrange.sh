#!/bin/sh
# Inside mmdebstrap: a house around the tablet, with two wireless networks, no cable, and pictures for its camera.
# Usage: arrange.sh ROOT
set -eu
root=$1
here=tests/vm/wifi
install -d "$root/usr/local/lib/house"
install -m 755 $here/house.sh $here/show.sh "$root/usr/local/lib/house"
install -m 644 $here/screen.py $here/portal.py $here/home.conf $here/hotel.conf "$root/usr/local/lib/house"
install -m 644 $here/house.service $here/house-screen.service "$root/etc/systemd/system"
chroot "$root" systemctl --quiet mask hostapd
chroot "$root" systemctl --quiet enable house house-screen
