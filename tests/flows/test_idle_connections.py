"""A story: strangers hold thousands of connections open and say nothing. Help goes through all the same."""

import resource
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from playwright.sync_api import Page, expect

from cloud.desk.guarded import MOST_OF_AN_ADDRESS
from tests.flows.house import House
from tests.link.waiting import eventually

EACH = 2_000
# A care home's address has room for hundreds; strangers come from many.
OF_AN_ADDRESS = 200
HALF_A_REQUEST = b"POST /device/v1/events HTTP/1.1\r\nHost: desk\r\nContent-Le"


class Strangers:
    """Connections to one port of this machine that send half of something, and wait."""

    def __init__(self, port: int, first_words: bytes) -> None:
        self._port = port
        self._words = first_words
        self._sockets: list[socket.socket] = []

    def come(self) -> None:
        """All of them, from addresses of loopback."""
        for number in range(EACH):
            stranger = socket.socket()
            self._sockets.append(stranger)
            stranger.bind((f"127.0.1.{1 + number // OF_AN_ADDRESS}", 0))
            stranger.settimeout(10)
            stranger.connect(("127.0.0.1", self._port))
            stranger.sendall(self._words)

    def leave(self) -> None:
        for stranger in self._sockets:
            stranger.close()
        self._sockets.clear()

    def count_open(self) -> int:
        """How many the other end has not closed yet."""
        return sum(map(_is_open, self._sockets))


def _is_open(stranger: socket.socket) -> bool:
    stranger.setblocking(False)
    try:
        return stranger.recv(1) != b""
    except (BlockingIOError, ssl.SSLWantReadError):
        return True
    except OSError:
        return False


@pytest.fixture
def many_files() -> Iterator[None]:
    """This process holds the strangers' ends."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextmanager
def held_open(house: House) -> Iterator[list[Strangers]]:
    ports = house.stack.place.ports
    strangers = [
        Strangers(ports.broker_devices, b""),
        Strangers(ports.pages, HALF_A_REQUEST),
        Strangers(ports.devices, b"\x16\x03\x01"),
    ]
    with ExitStack() as stack:
        for each in strangers:
            stack.callback(each.leave)
            each.come()
        yield strangers


@pytest.mark.requirement("K21", "K3", "K22")
@pytest.mark.usefixtures("many_files")
def test_help_goes_through_while_strangers_hold_every_port_open(house: House, nurse: Page) -> None:
    """Two thousand each at the pages, the devices' port and the broker: pressed, received, taken, named."""
    with held_open(house) as strangers:
        assert all(each.count_open() for each in strangers)
        house.press_the_wall_button()
        house.resident_sees("Pyyntö on perillä", timeout_s=10)
        expect(nurse.locator("button[id^='take-']")).to_have_count(1)
        house.goes(nurse)
        house.resident_sees("Anna on tulossa", timeout_s=10)
        broker, pages, devices = strangers
        assert broker.count_open() == EACH
        # Half a request and half a handshake have their time, and no more.
        eventually(lambda: not pages.count_open() and not devices.count_open(), "they are ended", 40)
    house.nobody_waits(nurse)


@pytest.mark.requirement("K21")
@pytest.mark.usefixtures("many_files")
def test_an_address_has_its_share_of_the_devices_port(house: House) -> None:
    """One stranger alone cannot have it all: what is beyond the share is closed at once."""
    context = ssl.create_default_context(cafile=str(house.stack.desk.authority))
    with ExitStack() as stack:
        callers = []
        for _ in range(MOST_OF_AN_ADDRESS + 50):
            caller = socket.socket()
            caller.bind(("127.0.2.1", 0))
            caller.connect(("127.0.0.1", house.stack.place.ports.devices))
            callers.append(stack.enter_context(context.wrap_socket(caller, server_hostname="localhost")))
        eventually(lambda: sum(map(_is_open, callers)) <= MOST_OF_AN_ADDRESS, "the others are closed")


@pytest.mark.requirement("K21")
def test_everybody_comes_to_the_pages_from_the_proxys_one_address(house: House) -> None:
    """More open boards than an address of the devices' port may have: the next nurse is answered."""
    with ExitStack() as stack:
        for _ in range(MOST_OF_AN_ADDRESS + 50):
            board = stack.enter_context(socket.socket())
            board.bind(("127.0.2.2", 0))
            board.connect(("127.0.0.1", house.stack.place.ports.pages))
        nurse = stack.enter_context(socket.socket())
        nurse.settimeout(10)
        nurse.bind(("127.0.2.2", 0))
        nurse.connect(("127.0.0.1", house.stack.place.ports.pages))
        nurse.sendall(b"GET /login/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert nurse.recv(12).startswith(b"HTTP/1.1 ")
