"""NetworkManager's data of Wi-Fi access points, and the settings to join one."""

from typing import Any

from dbus_fast import Variant

from device.rules.setup.state import Security, Trouble, WifiNetwork

# NM80211ApFlags and NM80211ApSecurityFlags.
_PRIVACY = 0x1
_PSK, _ENTERPRISE, _SAE = 0x100, 0x200, 0x400
# NMDeviceStateReason: why the device failed.
REASONS: dict[int, Trouble] = {
    5: "no-address",
    6: "no-address",
    7: "wrong-password",
    8: "wrong-password",
    9: "wrong-password",
    10: "wrong-password",
    11: "wrong-password",
    15: "no-address",
    16: "no-address",
    17: "no-address",
    53: "not-found",
}


def network_of(point: dict[str, Any]) -> WifiNetwork | None:
    """Return the network of an access point's properties; None for a hidden one."""
    ssid = text_of(point.get("Ssid", b""))
    if not ssid:
        return None
    security = int(point.get("WpaFlags", 0)) | int(point.get("RsnFlags", 0))
    return WifiNetwork(
        ssid=ssid,
        strength=int(point.get("Strength", 0)),
        security=_kind(security, is_private=bool(int(point.get("Flags", 0)) & _PRIVACY)),
        sae=bool(security & _SAE) and not security & _PSK,
    )


def _kind(security: int, *, is_private: bool) -> Security:
    if security & _ENTERPRISE and not security & (_PSK | _SAE):
        return "user-name"
    return "password" if security or is_private else "open"


def text_of(ssid: bytes) -> str:
    """Decode an SSID, which is any 32 bytes."""
    return bytes(ssid).decode(errors="replace").replace("\0", "").strip()


def strongest_first(networks: list[WifiNetwork]) -> tuple[WifiNetwork, ...]:
    """Return each name once: a house has several access points of one network."""
    best: dict[str, WifiNetwork] = {}
    for network in networks:
        if network.ssid not in best or best[network.ssid].strength < network.strength:
            best[network.ssid] = network
    return tuple(sorted(best.values(), key=lambda each: (-each.strength, each.ssid)))


def connection_settings(network: WifiNetwork, password: str) -> dict[str, dict[str, Variant]]:
    """Return the argument of ``AddAndActivateConnection``, with automatic addresses."""
    settings = {
        "connection": {"id": Variant("s", network.ssid), "type": Variant("s", "802-11-wireless")},
        "802-11-wireless": {"ssid": Variant("ay", network.ssid.encode())},
    }
    if password:
        way = "sae" if network.sae else "wpa-psk"
        settings["802-11-wireless-security"] = {
            "key-mgmt": Variant("s", way),
            "psk": Variant("s", password),
        }
    return settings
