"""One suite for all power supplies: simulated, and the real adapter on files like the kernel's."""

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from hal.ports import HardwareAbsent, Power, PowerState
from hal.simulated import SimulatedPower
from hal.sysfs_power import SysfsPower
from tests.link.waiting import eventually


class Tree:
    """Files like the kernel's of a charger and a battery."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("class/power_supply/charger", type="Mains", online="1")
        self.write("class/power_supply/battery", type="Battery", present="1", capacity="100", status="Full")

    def write(self, folder: str, **files: str) -> None:
        """Write one file for each value."""
        (self.root / folder).mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            part = self.root / "part"
            part.write_text(text + "\n")
            part.replace(self.root / folder / name)  # atomically, as the kernel's are

    def lose_mains(self) -> None:
        """Set the charger's ``online`` to 0."""
        self.write("class/power_supply/charger", online="0")

    def restore_mains(self) -> None:
        """Set the charger's ``online`` to 1."""
        self.write("class/power_supply/charger", online="1")

    def set_battery(self, fraction: float) -> None:
        """Set the charge, converted to percent."""
        self.write("class/power_supply/battery", capacity=str(round(100 * fraction)))


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


@pytest.fixture(params=["simulated", "sysfs"])
def rig(request: pytest.FixtureRequest, tree: Tree) -> Iterator[tuple[Power, SimulatedPower | Tree]]:
    if request.param == "simulated":
        simulated = SimulatedPower()
        yield simulated, simulated
        return
    power = SysfsPower(tree.root, look_s=0.01)
    yield power, tree
    power.close()


Rig = tuple[Power, SimulatedPower | Tree]


def test_mains_lost_and_back_are_reported(rig: Rig) -> None:
    """Both changes are reported, and ``state`` returns them."""
    power, world = rig
    reported: queue.Queue[PowerState] = queue.Queue()
    power.watch(reported.put)
    assert power.state() == PowerState(mains=True, battery=1.0)
    world.lose_mains()
    assert reported.get(timeout=5) == PowerState(mains=False, battery=1.0)
    world.restore_mains()
    assert reported.get(timeout=5).mains is True
    assert power.health() == ""


@pytest.mark.requirement("K8")
def test_a_low_battery_is_reported(rig: Rig) -> None:
    """It is low only while mains are lost."""
    power, world = rig
    reported: queue.Queue[PowerState] = queue.Queue()
    power.watch(reported.put)
    world.set_battery(0.14)
    assert not reported.get(timeout=5).low
    world.lose_mains()
    assert reported.get(timeout=5).low
    assert power.state().low


@pytest.mark.requirement("K8")
@pytest.mark.parametrize(
    ("files", "words"),
    [({"health": "Dead"}, "Dead"), ({"present": "0"}, "missing"), ({"capacity": "?"}, "cannot be read")],
)
def test_a_battery_that_is_worn_is_a_fault(tree: Tree, files: dict[str, str], words: str) -> None:
    """The fault is reported before the battery fails."""
    tree.write("class/power_supply/battery", **files)
    power = SysfsPower(tree.root)
    assert words in power.health()
    power.close()


@pytest.mark.requirement("K8")
def test_a_supply_that_is_too_weak_is_a_fault(tree: Tree) -> None:
    """The most common cause of unexplained restarts of a Raspberry Pi."""
    power = SysfsPower(tree.root, look_s=0.01)
    tree.write("class/hwmon/hwmon1", name="rpi_volt", in0_lcrit_alarm="1")
    eventually(lambda: "too weak" in power.health(), "it is noticed")
    power.close()


def test_a_mouse_has_no_say(tree: Tree) -> None:
    """Batteries of peripherals are ignored."""
    tree.write("class/power_supply/mouse", type="Battery", scope="Device", capacity="1", status="Discharging")
    power = SysfsPower(tree.root)
    assert power.state() == PowerState(mains=True, battery=1.0)
    power.close()


def test_a_battery_alone_reports_the_mains(tmp_path: Path) -> None:
    """Where the charger has no entry of its own."""
    tree = Tree(tmp_path)
    tree.write("class/power_supply/charger", online="")
    tree.write("class/power_supply/battery", status="Discharging")
    power = SysfsPower(tree.root)
    assert power.state().mains is False
    power.close()


def test_without_any_supply_the_power_is_absent(tmp_path: Path) -> None:
    """As on a bare board."""
    with pytest.raises(HardwareAbsent, match="power supply"):
        SysfsPower(tmp_path)
