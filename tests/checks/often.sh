#!/bin/sh
# Runs the whole suite several times, the last one beside two busy loops, and names the tests that were not always green.
# Usage: tests/checks/often.sh N [make target]
set -eu
cd "$(dirname "$0")/../.."
times=${1:-5}
target=${2:-test}
mkdir -p build/often
rm -f build/often/*
busy="" green=0
stop_busy() { for each in $busy; do kill "$each" 2>/dev/null || true; done; }
trap stop_busy EXIT
trap 'exit 130' INT TERM
for turn in $(seq "$times"); do
    if [ "$turn" = "$times" ]; then
        for _ in 1 2; do (while :; do :; done) & busy="$busy $!"; done
    fi
    if make --no-print-directory "$target" >"build/often/$turn.log" 2>&1; then
        green=$((green + 1)); echo "$turn of $times: green"
    else echo "$turn of $times: red, see build/often/$turn.log"; fi
done
cat build/often/*.log | sed -nE 's/^(FAILED|ERROR) ([^ ]+).*/\2/p' | sort | uniq -c
echo "Green $green of $times times."
[ "$green" = "$times" ]
