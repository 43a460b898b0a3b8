"""``python -m cloud.pki --directory … --socket …``: the only process that can read the authority's key.

It signs for devices, which are named after their keys, and the list of revoked certificates. An attacker who
controls the web pages cannot copy the key, nor get a certificate of a server, a process of the desk, or an
existing device.
"""

import argparse
import asyncio
import logging
import os
import signal
from pathlib import Path

import msgspec

from cloud.pki.errors import AuthorityError
from cloud.pki.root import Root
from cloud.pki.signing import LARGEST_BYTES, ListRevoked, Refused, SignDevice, Signed

log = logging.getLogger("signer")
DEADLINE_S = 10.0
MOST_AT_A_TIME = 16


class Desk:
    """Answers the desk's other processes."""

    def __init__(self, root: Root) -> None:
        self._root = root
        self._turns = asyncio.Semaphore(MOST_AT_A_TIME)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request per connection; a client that is too slow is disconnected."""
        try:
            async with self._turns, asyncio.timeout(DEADLINE_S):
                writer.write(msgspec.json.encode(self._answer(await reader.readline())) + b"\n")
                await writer.drain()
        except (TimeoutError, ValueError, ConnectionError) as error:
            log.warning("Nothing was signed: %s", type(error).__name__)
        finally:
            writer.close()

    def _answer(self, line: bytes) -> Signed | Refused:
        try:
            wanted = msgspec.json.decode(line, type=SignDevice | ListRevoked)
            if isinstance(wanted, SignDevice):
                issued = self._root.sign_device(wanted.csr.encode())
                log.info("Signed for device %s", issued.device)
                return Signed(issued.pem, issued.device)
            revoked = [(int(serial), at) for serial, at in wanted.revoked]
            log.info("Signed a list of %d revoked certificates", len(revoked))
            return Signed(self._root.list_revoked(revoked).decode())
        except AuthorityError as error:
            return Refused(str(error))
        except (msgspec.MsgspecError, ValueError):
            return Refused("this is nothing that the signing process does")


async def run(root: Root, path: Path) -> None:
    """Run until a signal arrives."""
    ending = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    # Every process in the socket's group may ask.
    os.umask(0o117)
    server = await asyncio.start_unix_server(Desk(root).serve, path, limit=LARGEST_BYTES)
    async with server:
        await ending.wait()


def main() -> None:
    """Reads the arguments, and serves."""
    parser = argparse.ArgumentParser(prog="python -m cloud.pki", description=__doc__)
    parser.add_argument("--directory", type=Path, required=True, help="where make_authority has put the key")
    parser.add_argument("--socket", type=Path, required=True)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    asyncio.run(run(Root(given.directory), given.socket))
    given.socket.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
