#!/bin/sh
# Inside mmdebstrap: what makes a tablet of a plain Debian with our package. Usage: arrange.sh ROOT
set -eu
root=$1
files=$(dirname "$0")/files
echo kotiruutu >"$root/etc/hostname"
printf '127.0.0.1 localhost kotiruutu\n::1 localhost kotiruutu\n' >"$root/etc/hosts"
ln -sf /run/NetworkManager/resolv.conf "$root/etc/resolv.conf"
: >"$root/etc/fstab"
# One for each tablet, kept with its data: the first root puts it here.
: >"$root/etc/machine-id"

install -D -m 644 "$files/networkmanager.conf" "$root/etc/NetworkManager/conf.d/kotiruutu.conf"
install -d -m 700 "$root/var/lib/NetworkManager/system-connections"
install -D -m 755 "$files/initramfs-hook" "$root/etc/initramfs-tools/hooks/kotiruutu"
install -D -m 755 "$files/initramfs-data" "$root/etc/initramfs-tools/scripts/local-bottom/kotiruutu"
# Settings are kept, and can be changed. Not below /var/lib/kotiruutu, which window and calls do not see.
mv "$root/etc/kotiruutu" "$root/var/lib/kotiruutu-settings"
ln -s /var/lib/kotiruutu-settings "$root/etc/kotiruutu"
install -m 644 "$files/board.toml" "$root/var/lib/kotiruutu-settings/board.toml"

install -D -m 644 "$root/usr/share/systemd/tmp.mount" "$root/etc/systemd/system/tmp.mount"
chroot "$root" systemctl --quiet enable tmp.mount NetworkManager systemd-timesyncd
chroot "$root" systemctl --quiet set-default multi-user.target
# Nothing of these can do its work on a root that is never written.
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service; do
    chroot "$root" systemctl --quiet mask $unit
done
chroot "$root" systemctl --quiet mask getty@tty1.service serial-getty@.service NetworkManager-wait-online.service
rm "$root/etc/initramfs-tools/update-initramfs.conf"
for kernel in "$root"/lib/modules/*; do
    chroot "$root" update-initramfs -c -k "$(basename "$kernel")" >/dev/null
done
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/var/log/*
