#!/bin/sh
# Starts a part of the tablet (start.sh HOME SOFTWARE MODULE …) from the newest release that works, or the package.
# A release on trial is counted by the package's own code: it must work where the release does not.
set -u
home=$1 software=$2
shift 2
if [ "$1" = device ] && [ -e "$software/trial.json" ]; then
    (cd "$home" && .venv/bin/python -m device.software count "$software") || true
fi
if [ -e "$software/current/manifest.json" ]; then
    home=$(readlink -f "$software/current")
fi
cd "$home" && exec .venv/bin/python -m "$@"
