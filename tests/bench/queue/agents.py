"""Simulated agents: signed in over HTTP like a browser, taking, writing and ending without a pause."""

import re
import threading
import time

import httpx

from tests.bench.queue.residents import Samples, new_id_now

PAUSE_S = 0.2


class SimulatedAgent:
    """Takes the next customer, greets, waits for both messages, and ends the visit."""

    def __init__(self, url: str, account: dict[str, str], samples: Samples, said: dict[str, float]) -> None:
        self._client = httpx.Client(base_url=url, timeout=20, trust_env=False)
        self._account = account
        self._samples = samples
        self._said = said
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self, queues: list[str]) -> None:
        """Comes to the desk, and begins."""
        page = self._client.get("/sign-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token
        fields = {"username": self._account["user"], "password": self._account["password"], "next": ""}
        self._client.post("/sign-in/", data=fields | {"csrfmiddlewaretoken": token[1]})
        name = self._account["name"].split()[0]
        answer = self._post("/queue/sign-in/", {"display_name": name, "queues": queues})
        assert answer.status_code == 302, answer.text[:500]
        self._thread.start()

    def stop(self) -> None:
        """Finishes with the last customer."""
        self._stopping.set()
        self._thread.join(30)
        self._client.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            # As the open page does: an agent whose page is silent for half a minute is signed out.
            self._client.get("/queue/board/")
            taken = self._post("/queue/next/", {}).headers.get("Location", "")
            found = re.search(r"/visits/(\d+)/", taken)
            if found:
                self._serve(found[1])
            else:
                self._stopping.wait(PAUSE_S)

    def _serve(self, number: str) -> None:
        key = new_id_now()
        self._said[key] = time.monotonic()
        self._post(f"/queue/visits/{number}/say/", {"text": key, "key": key})
        ends_s = time.monotonic() + 30
        while time.monotonic() < ends_s:
            page = self._client.get(f"/queue/visits/{number}/messages/")
            if page.text.count('class="bubble customer"') >= 2:
                break
            time.sleep(PAUSE_S)
        self._post(f"/queue/visits/{number}/remove/", {})

    def _post(self, path: str, data: dict[str, object]) -> httpx.Response:
        token = {"X-CSRFToken": self._client.cookies.get("csrftoken", "")}
        return self._client.post(path, data=data, headers=token)  # type: ignore[arg-type]
