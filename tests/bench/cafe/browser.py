"""People at the table in real Chromium, all in one browser, on the table's loop."""

import asyncio
from pathlib import Path

from playwright.async_api import Browser, Page, Playwright, async_playwright

from cloud.cafe.notices import ComeAgain, Notice, SeatTaken, Shown
from cloud.cafe.sfu import Connections
from tests.bench.cafe.table import Table, keep
from tests.media.caller import CHROMIUM, FLAGS

_ADDRESS = "http://localhost/seat"
_PAGE = Path(__file__).with_name("seat.html")


class BrowserGuest:
    """One page; ``hz`` is their voice, and their picture is of one colour."""

    def __init__(self, name: str, page: Page, table: Table) -> None:
        self.name = name
        self._page = page
        self._table = table
        self._later: set[asyncio.Task[None]] = set()
        self._is_loud = False
        self._wish: dict[str, int | str] = {}

    def speaks(self, loud: bool = True) -> None:
        """From now on, or no more."""
        self._is_loud = loud
        self._table.do(self._page.evaluate(f"speak({str(loud).lower()})"))

    def interleaves(self, begins_s: float, word_s: float, words: int, turn: int) -> None:
        """Says each second word, the first or the second, from that time of day on."""
        wish = {"beginsMs": begins_s * 1000, "wordS": word_s, "words": words, "turn": turn}
        self._table.do(self._page.evaluate("wish => interleave(wish)", wish))

    def hears(self, *frequencies: int) -> set[int]:
        """Which of these tones come out of their loudspeaker."""
        return set(self._table.do(self._page.evaluate("all => hears(all)", list(frequencies))))

    async def enters(self, hz: int, colour: str) -> None:
        self._wish = {"hz": hz, "colour": colour}
        await self._enter()

    async def _enter(self) -> None:
        made = await self._page.evaluate("wish => offers(wish)", self._wish)
        await self._table.enter(self, Connections(made["sound"], made["picture"]))

    async def notify(self, notice: Notice) -> None:
        """Connects, and answers each new picture; the table does not wait for it."""
        match notice:
            case SeatTaken(answers=answers):
                both = {"sound": answers.sound, "picture": answers.picture}
                await self._page.evaluate("answers => take(answers)", both)
            case Shown(offer=offer) if offer:
                keep(self._later, self._answers(offer))
            case ComeAgain():
                keep(self._later, self._come_back())

    async def _come_back(self) -> None:
        """With new connections, and as loud as before."""
        await self._page.reload()
        await self._enter()
        await self._page.evaluate(f"speak({str(self._is_loud).lower()})")

    async def _answers(self, offer: str) -> None:
        await self._table.answer(self.name, await self._page.evaluate("offer => see(offer)", offer))


class Browsers:
    """Runs one Chromium, in which each participant has a page."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._playwright: Playwright
        self._chromium: Browser
        table.do(self._start())

    def guest(self, name: str, hz: int, colour: str) -> BrowserGuest:
        """Open the page of one guest."""
        return self._table.do(self._guest(name, hz, colour))

    def close(self) -> None:
        self._table.do(self._stop())

    async def _start(self) -> None:
        self._playwright = await async_playwright().start()
        # There is no multicast here by which Janus could ask for names.
        arguments = [*FLAGS, "--disable-features=WebRtcHideLocalIpsWithMdns"]
        self._chromium = await self._playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)

    async def _guest(self, name: str, hz: int, colour: str) -> BrowserGuest:
        page = await self._chromium.new_page()
        await page.route(
            _ADDRESS, lambda route: route.fulfill(body=_PAGE.read_text(), content_type="text/html")
        )
        await page.goto(_ADDRESS)
        guest = BrowserGuest(name, page, self._table)
        await guest.enters(hz, colour)
        return guest

    async def _stop(self) -> None:
        await self._chromium.close()
        await self._playwright.stop()
