"""Keeps the newest Screen of the wizard or the core in a file: ``/run/house/screen.json``."""

import time
from pathlib import Path

import msgspec

from device.window_protocol.client import CoreGone, ScreenClient
from device.window_protocol.messages import Draw

SOCKET = Path("/run/kotiruutu/screen.sock")
INTO = Path("/run/house/screen.json")
AGAIN_S = 0.5


def main() -> None:
    """Never returns."""
    while True:
        try:
            with ScreenClient(SOCKET, "viewer") as client:
                while True:
                    message = client.receive()
                    if isinstance(message, Draw):
                        new = INTO.with_suffix(".new")
                        new.write_bytes(msgspec.json.encode(message.screen))
                        new.replace(INTO)
        except CoreGone:
            time.sleep(AGAIN_S)


if __name__ == "__main__":
    main()
