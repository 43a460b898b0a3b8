"""The promises that the unit files make, read from them."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from device.restart import MachineRestart
from device.rules.effects import RestartIfUpgraded
from device.rules.now import Now
from device.rules.state import State
from device.rules.window import FROZEN_AFTER_S
from device.settings import Settings
from kiosk_ui.settings import TEN_INCH_WIDTH_MM, read_settings
from provisioning.install import SOURCE, copy_files
from tests.checks import services

CORE, MEDIA, WINDOW = "kotiruutu-core.service", "kotiruutu-media.service", "kotiruutu-window.service"
each_one = pytest.mark.parametrize("name", [CORE, MEDIA, WINDOW])


def lines(file: str) -> list[str]:
    """``Key=value``, without comments and sections."""
    found = (SOURCE / file).read_text().splitlines()
    return [line for line in found if "=" in line and not line.startswith("#")]


def values(name: str, key: str) -> list[str]:
    """What a unit says of one key, in order."""
    return [line.partition("=")[2] for line in lines(f"system/{name}") if line.startswith(f"{key}=")]


def words(name: str, key: str) -> set[str]:
    """All words of a key that is a list."""
    return set(" ".join(values(name, key)).split())


@pytest.mark.requirement("K2")
@each_one
def test_systemd_hears_from_the_process_itself_and_watches_it(name: str) -> None:
    """Ready and alive are said by the main process; who is silent is restarted."""
    assert values(name, "Type") == ["notify"]
    assert values(name, "NotifyAccess") == ["main"]
    assert 0 < float(values(name, "WatchdogSec")[0]) <= 45


@pytest.mark.requirement("K2", "K3")
@each_one
def test_restarting_is_never_given_up(name: str) -> None:
    """Whatever it died of and however often."""
    assert values(name, "Restart") == ["always"]
    assert values(name, "StartLimitIntervalSec") == ["0"]
    assert float(values(name, "RestartSec")[0]) <= 2


@pytest.mark.requirement("K2")
def test_the_core_has_time_to_tell_the_desk_of_a_frozen_window() -> None:
    """The core notices, reports and restarts it before systemd would."""
    assert float(values(WINDOW, "WatchdogSec")[0]) > FROZEN_AFTER_S + 5


@pytest.mark.requirement("K3")
def test_the_core_is_the_last_to_die_when_memory_runs_short() -> None:
    """The window goes first, then a call; and each is bounded."""
    core, media, window = (int(values(name, "OOMScoreAdjust")[0]) for name in (CORE, MEDIA, WINDOW))
    assert core <= -900 < 0 < media < window
    assert all(values(name, "MemoryMax") for name in (CORE, MEDIA, WINDOW))


@pytest.mark.requirement("K7")
@pytest.mark.parametrize("part", ["core", "media"])
def test_nothing_but_the_wizard_and_its_window_runs_on_a_blank_tablet(part: str) -> None:
    """The others start at the moment in which it becomes somebody's, and at each start from then on."""
    enrolled = "/var/lib/kotiruutu/identity/link.json"
    conditions = values(f"kotiruutu-{part}.service", "ConditionPathExists")
    assert enrolled in [each.lstrip("|") for each in conditions]
    assert values(f"kotiruutu-{part}.path", "PathChanged") == [enrolled]


@pytest.mark.requirement("K17")
def test_the_wizard_starts_when_a_retired_tablet_has_nothing_left_to_tell() -> None:
    """At its start the core takes the record away that kept the wizard back."""
    record = "/var/lib/kotiruutu/identity/retired.json"
    assert f"!{record}" in values("kotiruutu-setup.service", "ConditionPathExists")
    assert values("kotiruutu-setup.path", "PathChanged") == [record]
    assert CORE in values("kotiruutu-setup.path", "Before")


@pytest.mark.requirement("K16")
def test_an_upgrade_of_the_system_leads_to_a_restart(tmp_path: Path) -> None:
    """Upgrades leave one file, the core answers with another, systemd sees it: all agree on the names."""
    copy_files(tmp_path)
    settings = Settings.load(tmp_path / "etc/kotiruutu/device.toml")
    upgrades = (tmp_path / "etc/apt/apt.conf.d/52kotiruutu").read_text()
    assert f"touch {settings.restart_due} " in upgrades
    assert 'Automatic-Reboot "false"' in upgrades
    request = str(settings.restart_request)
    assert values("kotiruutu-restart.path", "PathExists") == [request]
    assert values("kotiruutu-restart.service", "ExecStart")[0] == f"/bin/rm -f {request}"


@pytest.mark.requirement("K16")
def test_the_core_asks_for_a_restart_only_after_an_upgrade(tmp_path: Path) -> None:
    """Otherwise nothing is left for systemd to see."""
    folder = tmp_path / "etc/kotiruutu"
    copy_files(tmp_path)
    due, request = tmp_path / "due", tmp_path / "request"
    settings = replace(Settings.load(folder / "device.toml"), restart_due=due, restart_request=request)
    perform = MachineRestart(settings).performs()[RestartIfUpgraded]
    now = Now(wall=datetime.now(UTC), monotonic_s=0.0, trusted=True, id="now")
    perform(RestartIfUpgraded(), State(), now)
    assert not request.exists()
    due.touch()
    perform(RestartIfUpgraded(), State(), now)
    assert request.exists()


@pytest.mark.requirement("K3")
def test_help_waits_neither_for_the_network_nor_for_the_window() -> None:
    """The core needs nothing to start but its enrolment."""
    needs = {key: words(CORE, key) for key in ("After", "Requires", "Wants", "BindsTo")}
    assert not any(needs.values())


def test_the_window_has_no_network() -> None:
    """Its network is empty, and no socket of the Internet can be made."""
    assert values(WINDOW, "PrivateNetwork") == ["yes"]
    assert values(WINDOW, "IPAddressDeny") == ["any"]
    assert words(WINDOW, "RestrictAddressFamilies") == {"AF_UNIX", "AF_NETLINK"}


def test_the_window_sees_nothing_of_the_cores_but_the_photos() -> None:
    """Neither the key nor the database of the device; photos, and the software that it runs."""
    assert values(WINDOW, "TemporaryFileSystem") == ["/var/lib/kotiruutu:ro"]
    assert values(WINDOW, "BindReadOnlyPaths") == [
        "-/var/lib/kotiruutu/data/photos -/var/lib/kotiruutu/software"
    ]
    assert not values(WINDOW, "ReadWritePaths")


def test_each_has_the_devices_that_it_needs_and_no_others() -> None:
    """Buttons, serial lines, sound and keys; sound and a camera for calls; graphics and touch."""
    serial = {"char-ttyUSB", "char-ttyACM", "char-ttyAMA", "char-ttyS"}
    devices = {
        name: {each.split()[0] for each in values(name, "DeviceAllow")} for name in (CORE, MEDIA, WINDOW)
    }
    assert devices[CORE] == {"char-gpiochip", "char-alsa", "char-input", *serial}
    assert devices[MEDIA] == {"char-alsa", "char-video4linux"}
    assert devices[WINDOW] == {"char-drm", "char-input"}
    assert {values(name, "DevicePolicy")[0] for name in (CORE, MEDIA, WINDOW)} == {"closed"}


def test_calls_see_nothing_of_the_cores_and_may_ask_for_this_tablets_addresses() -> None:
    """Neither key nor database; without AF_NETLINK no address could be offered, and no call come about."""
    assert values(MEDIA, "TemporaryFileSystem") == ["/var/lib/kotiruutu:ro"]
    assert values(MEDIA, "ReadWritePaths") == ["/run/kotiruutu"]
    assert words(MEDIA, "RestrictAddressFamilies") == {"AF_UNIX", "AF_INET", "AF_INET6", "AF_NETLINK"}
    # DTLS needs callbacks for which cffi writes code.
    assert not values(MEDIA, "MemoryDenyWriteExecute")


@pytest.mark.requirement("K4")
@pytest.mark.parametrize("name", [CORE, "kotiruutu-setup.service"])
def test_the_clock_may_be_asked_whether_it_is_right(name: str) -> None:
    """Otherwise the time would never be shown: allowed last, as a group that is denied has the call too."""
    last = values(name, "SystemCallFilter")[-1].split()
    assert {"adjtimex", "clock_adjtime"} <= set(last)
    assert not values(name, "ProtectClock")


@each_one
def test_every_group_of_a_service_exists_on_a_plain_system(name: str) -> None:
    """A service with a group that is not there does not start."""
    made = re.findall(r"^[gu] (\S+)", (SOURCE / "sysusers.d/kotiruutu.conf").read_text(), re.MULTILINE)
    debians_own = {"audio", "dialout", "video"}
    assert words(name, "SupplementaryGroups") | {"kotiruutu"} <= {*made, *debians_own}


def test_the_login_prompt_is_off_the_display() -> None:
    """The window drives it away, and it does not come back with the next start."""
    assert "getty@tty1.service" in words(WINDOW, "Conflicts")
    assert lines("system/getty@tty1.service.d/kotiruutu.conf") == [
        "ConditionPathExists=!/etc/kotiruutu/device.toml"
    ]


@pytest.mark.requirement("K2")
def test_the_hardware_watchdog_is_within_what_the_chip_can_count() -> None:
    """A Raspberry Pi's counts to fifteen seconds."""
    (watchdog,) = [line for line in lines("system.conf.d/kotiruutu.conf") if "RuntimeWatchdogSec" in line]
    assert 5 <= int(watchdog.partition("=")[2]) <= 15


def test_the_settings_that_are_installed_can_be_used(tmp_path: Path) -> None:
    """Core and window start with them as they are."""
    settings = Settings.load(SOURCE / "etc" / "device.toml")
    assert settings.screen_socket == read_settings([], {}).socket
    environment = dict(line.split("=") for line in lines("etc/window.env"))
    assert read_settings([], environment).width_mm == TEN_INCH_WIDTH_MM


def test_installing_again_changes_nothing_and_keeps_what_the_installer_wrote(tmp_path: Path) -> None:
    """A unit that differs is replaced, a settings file never."""
    assert len(copy_files(tmp_path)) > 10
    assert copy_files(tmp_path) == []
    settings, unit = tmp_path / "etc/kotiruutu/window.env", services.unit_file(tmp_path, CORE)
    settings.write_text("KOTIRUUTU_WIDTH_MM=154\n")
    unit.write_text("[Unit]\n")
    assert copy_files(tmp_path) == [unit]
    assert settings.read_text() == "KOTIRUUTU_WIDTH_MM=154\n"


def test_the_check_finds_a_word_that_systemd_does_not_know(tmp_path: Path) -> None:
    """It would be ignored without a sound, and the promise with it."""
    services.prepare(tmp_path)
    assert services.verify(tmp_path) == []
    unit = services.unit_file(tmp_path, CORE)
    unit.write_text(unit.read_text().replace("WatchdogSec=", "WatchdogSeconds="))
    assert any("WatchdogSeconds" in complaint for complaint in services.verify(tmp_path))


@pytest.mark.requirement("K21")
@pytest.mark.parametrize(
    "file",
    [
        "desk/system/kotiruutu-desk.service",
        "desk/system/kotiruutu-desk-devices.service",
        "desk/system/kotiruutu-desk-broker.service",
        "desk/system/kotiruutu-desk-link.service",
        "desk/system/kotiruutu-desk-escalate.service",
        "desk/system/kotiruutu-desk-cafe.service",
        "mosquitto/mosquitto.service.d/kotiruutu.conf",
    ],
)
def test_what_has_a_connection_for_each_tablet_or_board_may_open_many_files(file: str) -> None:
    """A thousand silent connections shut nobody out."""
    (limit,) = [line.partition("=")[2] for line in lines(file) if line.startswith("LimitNOFILE=")]
    assert int(limit) >= 65_536


@pytest.mark.requirement("V5")
def test_only_the_signing_process_may_enter_the_directory_of_the_authoritys_key() -> None:
    """It has a user and a directory of its own, and no network; the pages get only its socket."""
    signer = lines("desk/system/kotiruutu-desk-signer.service")
    assert {"User=kotiruutu-signer", "StateDirectoryMode=0700", "PrivateNetwork=yes"} <= set(signer)
    for name in ("kotiruutu-desk", "kotiruutu-desk-devices"):
        unit = "\n".join(lines(f"desk/system/{name}.service"))
        assert "User=kotiruutu-desk\n" in unit
        assert "KOTIRUUTU_SIGNER_SOCKET=/run/kotiruutu-signer/sign" in unit
        assert "/var/lib/kotiruutu-signer" not in unit


def test_the_broker_sees_nothing_of_the_desks_but_its_certificates() -> None:
    """Neither the database nor the settings with the secret: tablets speak to it directly."""
    broker = lines("desk/system/kotiruutu-desk-broker.service")
    assert "TemporaryFileSystem=/var/lib/kotiruutu-desk:ro" in broker
    assert "BindReadOnlyPaths=/var/lib/kotiruutu-desk/pki" in broker
    assert not any(line.startswith("EnvironmentFile") for line in broker)


def test_what_is_revoked_is_read_by_the_broker_that_the_desk_starts() -> None:
    """The reload names its unit."""
    (reload,) = [
        line for line in lines("desk/system/kotiruutu-desk-revocations.service") if "ExecStart" in line
    ]
    unit = reload.split()[-1]
    assert (SOURCE / "desk/system" / unit).exists()
    assert any(line.startswith("ExecReload=") for line in lines(f"desk/system/{unit}"))
