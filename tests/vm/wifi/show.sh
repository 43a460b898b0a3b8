#!/bin/sh
# Holds a picture to the tablet's camera: show.sh FILE, planes of 640 × 480 pixels (I420).
set -eu
systemctl stop house-picture 2>/dev/null || true
exec systemd-run --quiet --collect --unit=house-picture v4l2-ctl -d /dev/video1 \
    --set-fmt-video-out=width=640,height=480,pixelformat=YU12 \
    --stream-out-mmap --stream-from="$1" --stream-loop
