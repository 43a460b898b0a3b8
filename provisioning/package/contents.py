"""The contents of each Debian package, and its dependencies."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

Arch = Literal["amd64", "arm64"]

# The Pythons of Debian 12 and 13, and of the corresponding Raspberry Pi OS.
PYTHONS = ("3.11", "3.13")
WHEEL_PLATFORMS: Mapping[Arch, tuple[str, ...]] = {
    "amd64": tuple(
        f"{name}_x86_64" for name in ("manylinux_2_28", "manylinux_2_17", "manylinux2014", "manylinux2010")
    ),
    # Debian 12 has glibc 2.36.
    "arm64": tuple(
        f"{name}_aarch64" for name in ("manylinux_2_34", "manylinux_2_28", "manylinux_2_17", "manylinux2014")
    ),
}


class Contents(Struct, frozen=True, kw_only=True):
    """One package: our folders or files, the extras of pyproject.toml, and the Debian packages it needs."""

    name: str
    description: str
    folders: tuple[str, ...]
    extras: tuple[str, ...]
    # Requirements of the package alone, with markers as in pyproject.toml.
    wheels: tuple[str, ...] = ()
    depends: tuple[str, ...]
    recommends: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    # Folders of systemd/, and where they are installed.
    services: Mapping[str, str]
    # Whether Debian 12's Janus is inside.
    has_janus: bool = False
    # Configuration files: the installer's version is kept.
    settings: Mapping[str, str] = {}
    # Programs in the path, and the module that each runs.
    commands: Mapping[str, str]


_PYTHON = ("python3 (>= 3.11)", "python3 (<< 3.14)", "ca-certificates", "systemd")

TABLET = Contents(
    name="kotiruutu-tablet",
    description="The screen in the room of a person who needs care",
    folders=("device", "hal", "kiosk_ui", "provisioning", "systemd"),
    extras=("device", "calls", "window"),
    # The pins of a Raspberry Pi. Later Pythons have no wheel: Raspberry Pi OS has a package, Debian none.
    wheels=("lgpio==0.2.2.*; platform_machine == 'aarch64' and python_version < '3.12'",),
    depends=(
        *_PYTHON,
        "udev",
        "libegl1",
        "libgles2",
        "libgl1",
        "libgl1-mesa-dri",
        "libgbm1",
        "libfribidi0",
        "libmtdev1 | libmtdev1t64",
        "fonts-materialdesignicons-webfont",
        "fonts-noto-core",
        "libvlc5",
        "vlc-plugin-base",
        "espeak-ng",
        "libportaudio2",
        "libasound2-plugins",
        "libpulse0",
    ),
    # The wizard configures networks with the first two; a tablet on a cable needs neither.
    recommends=("network-manager", "polkitd", "unattended-upgrades"),
    conflicts=("kotiruutu-desk",),
    services={
        "system": "usr/lib/systemd/system",
        "system.conf.d": "usr/lib/systemd/system.conf.d",
        "journald.conf.d": "usr/lib/systemd/journald.conf.d",
        "logind.conf.d": "usr/lib/systemd/logind.conf.d",
        "sysusers.d": "usr/lib/sysusers.d",
        "tmpfiles.d": "usr/lib/tmpfiles.d",
        "modules-load.d": "usr/lib/modules-load.d",
        "rules.d": "usr/lib/udev/rules.d",
        "polkit": "usr/share/polkit-1/rules.d",
    },
    settings={"etc": "etc/kotiruutu", "apt.conf.d": "etc/apt/apt.conf.d"},
    commands={"kotiruutu": "provisioning.command"},
)

DESK = Contents(
    name="kotiruutu-desk",
    description="The care desk behind the screens of people who need care",
    folders=(
        "cloud",
        "device/contract",
        "provisioning/broker.py",
        "provisioning/janus.py",
        "systemd/mosquitto",
        "systemd/janus",
    ),
    extras=("desk",),
    depends=(*_PYTHON, "mosquitto"),
    # Without a package of Janus the café runs the one inside, which needs these of the system.
    recommends=(
        "postgresql",
        "coturn",
        "janus | libnice10",
        "janus | libusrsctp2",
        "janus | libsrtp2-1",
        "janus | libjansson4",
        "janus | libopus0",
        "janus | libogg0",
        "janus | libcurl4 | libcurl4t64",
        "janus | libglib2.0-0 | libglib2.0-0t64",
    ),
    has_janus=True,
    conflicts=("kotiruutu-tablet",),
    services={"desk/system": "usr/lib/systemd/system", "desk/sysusers.d": "usr/lib/sysusers.d"},
    commands={"kotiruutu-desk": "cloud"},
)

PACKAGES = {"tablet": TABLET, "desk": DESK}
