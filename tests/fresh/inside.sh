#!/bin/sh
# Inside a bare system: the README's first command, until the picture is there; then it is ended.
set -eu
cd /srv/kotiruutu
if [ -n "$FRESH_COMMAND" ]; then exec sh -c "$FRESH_COMMAND"; fi
make demo >/tmp/said 2>&1 &
demo=$!
for _ in $(seq 600); do
    if grep -q "Kotiruutu is ready:" /tmp/said; then
        kill -TERM "$demo"
        wait "$demo" || true
        grep -q "Ending everything" /tmp/said && exit 0
        echo "it did not end in order"
        exit 1
    fi
    kill -0 "$demo" 2>/dev/null || break
    sleep 1
done
cat /tmp/said
exit 1
