#!/bin/sh
# Builds the disk image of a tablet from its Debian package: build/image/kotiruutu-tablet_ARCH.img.
# Usage: provisioning/image/build.sh amd64|arm64 [VARIANT]; needs root, mmdebstrap, mtools, sfdisk and the network;
# for another machine than this one also qemu-user-static and arch-test. VARIANT is a folder with more packages
# (`packages`) and what is done last (`arrange.sh ROOT`): build/image/kotiruutu-tablet-VARIANT_ARCH.img.
set -eu
cd "$(dirname "$0")/../.."
arch=${1:-amd64}
suite=bookworm
here=provisioning/image
into=build/image
variant=${2:-}
image=$into/kotiruutu-tablet${variant:+-$(basename "$variant")}_$arch.img
# All of the start: boot loader, kernel and its first root. Two kernels have room.
boot_mb=256
# What is kept; grows to the end of the disk at the first start.
data_mb=320

stop() { echo "Not built: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || stop "only root can make the files of other users."
for program in mmdebstrap mke2fs sfdisk mformat mcopy; do
    command -v $program >/dev/null || stop "there is no $program; on Debian: apt install mmdebstrap e2fsprogs fdisk mtools"
done
[ "$arch" = "$(dpkg --print-architecture)" ] || arch-test "$arch" >/dev/null 2>&1 ||
    stop "this machine cannot run programs of $arch; on Debian: apt install qemu-user-static binfmt-support arch-test"
package=$(ls -t build/package/kotiruutu-tablet_*_"$arch".deb 2>/dev/null | head -n 1)
[ -n "$package" ] || stop "there is no package of $arch: run make package ARCH=$arch"

case $arch in
    amd64) kernel=linux-image-amd64 loader=bootx64 ;;
    # raspi-firmware starts a Pi; UEFI machines take the boot loader.
    arm64) kernel=linux-image-arm64,raspi-firmware loader=bootaa64 ;;
    *) stop "no image is made for $arch" ;;
esac
system=$kernel,systemd-sysv,systemd-boot-efi,udev,dbus,initramfs-tools,zstd,e2fsprogs,fdisk,kmod,polkitd
network=network-manager,wpasupplicant,wireless-regdb,systemd-timesyncd,iproute2
sound=alsa-utils
radios=firmware-brcm80211,firmware-realtek,firmware-iwlwifi,firmware-atheros,firmware-misc-nonfree

more=${variant:+,$(cat "$variant/packages")}
last=${variant:+$variant/arrange.sh}

work=$(mktemp -d "${TMPDIR:-/tmp}/kotiruutu-image.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
root=$work/root
mkdir -p "$into"

# The initramfs is made once, when all is there (arrange.sh): under qemu-user-static it takes ten minutes.
INITRD=No mmdebstrap --quiet --mode=root --variant=apt --architectures="$arch" \
    --components="main non-free-firmware" \
    --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt=force-confold \
    --setup-hook='mkdir -p "$1/etc/kernel" "$1/etc/initramfs-tools" "$1/boot/firmware"' \
    --setup-hook='echo update_initramfs=no >"$1/etc/initramfs-tools/update-initramfs.conf"' \
    --include="$system,$network,$sound,$radios$more" \
    --customize-hook="copy-in $package /tmp" \
    --customize-hook='chroot "$1" sh -c "apt-get install -qq -y --no-install-recommends /tmp/kotiruutu-tablet_*.deb && rm /tmp/kotiruutu-tablet_*.deb" >&2' \
    --customize-hook="$here/arrange.sh \"\$1\"" \
    --customize-hook="${last:-true} \"\$1\"" \
    "$suite" "$root"

# The start.
boot=$work/boot.img
truncate -s ${boot_mb}M "$boot"
mformat -i "$boot" -F -v KOTIRUUTU ::
mmd -i "$boot" ::EFI ::EFI/BOOT ::loader ::loader/entries
mcopy -i "$boot" "$root/usr/lib/systemd/boot/efi/systemd-$loader.efi" ::EFI/BOOT/$loader.efi
mcopy -i "$boot" "$root"/boot/vmlinuz-* ::linux
mcopy -i "$boot" "$root"/boot/initrd.img-* ::initrd
mcopy -i "$boot" $here/files/loader.conf ::loader/loader.conf
{ echo "title Kotiruutu"; echo "linux /linux"; echo "initrd /initrd"; echo "options $(cat $here/files/cmdline)"; } >"$work/entry"
mcopy -i "$boot" "$work/entry" ::loader/entries/kotiruutu.conf
if [ "$arch" = arm64 ]; then
    mcopy -s -Q -i "$boot" "$root"/boot/firmware/* ::
    mcopy -o -i "$boot" $here/files/config.txt ::config.txt
    mcopy -o -i "$boot" $here/files/cmdline ::cmdline.txt
fi
rm -rf "$root"/boot/*

# What is kept lies below /var, all else is never written.
filesystem() { mke2fs -q -t ext4 -L "$1" -d "$2" -m 0 -E lazy_itable_init=0 $4 "$3"; }
truncate -s ${data_mb}M "$work/data.img"
filesystem data "$root/var" "$work/data.img" ""
find "$root/var" -mindepth 1 -delete
used_mb=$(du -s --apparent-size --block-size=1M "$root" | cut -f 1)
used_mb=$((used_mb > $(du -s --block-size=1M "$root" | cut -f 1) ? used_mb : $(du -s --block-size=1M "$root" | cut -f 1)))
root_mb=$((used_mb * 108 / 100 + 48))
truncate -s ${root_mb}M "$work/root.img"
filesystem root "$root" "$work/root.img" "-O ^has_journal"

truncate -s $((boot_mb + root_mb + data_mb + 2))M "$image.new"
sfdisk --quiet "$image.new" <<END
label: gpt
start=1MiB, size=${boot_mb}MiB, type=uefi, name=kotiruutu-boot
size=${root_mb}MiB, type=linux, name=kotiruutu-root
type=linux, name=kotiruutu-data
END
put() { dd if="$work/$1.img" of="$image.new" bs=1M seek="$2" conv=notrunc,sparse status=none; }
put boot 1
put root $((1 + boot_mb))
# The last partition ends where the second table begins: what it has less than a whole MiB is left out.
end_mb=$((1 + boot_mb + root_mb))
put data $end_mb
mv "$image.new" "$image"
echo "Built $image: boot $boot_mb MB, root $root_mb MB (used $used_mb), data $data_mb MB and more at the first start"
