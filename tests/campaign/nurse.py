"""A nurse with a browser's manners: signs in, takes and closes requests over HTTP."""

import re
from datetime import UTC, datetime

import httpx


class Nurse:
    """Presses the buttons of the help board. A desk that is away is no news to a campaign."""

    def __init__(self, url: str, account: dict[str, str]) -> None:
        self._client = httpx.Client(base_url=url, timeout=10, follow_redirects=True, trust_env=False)
        self._account = account
        self._is_in = False
        self.name = account["name"].split()[0]

    def press(self, verb: str, help_id: str) -> bool:
        """``take``, ``arrive`` or ``close``; whether the desk said yes."""
        try:
            if not (self._is_in or self._sign_in()):
                return False
            token = {"X-CSRFToken": self._client.cookies["csrftoken"]}
            answered = {"outcome": "helped"} if verb == "close" else {}
            answer = self._client.post(f"/help/{help_id}/{verb}/", data=answered, headers=token)
        except httpx.HTTPError:
            return False
        self._is_in = not answer.url.path.startswith("/sign-in")
        return self._is_in and answer.is_success

    def look_in(self) -> datetime | None:
        """Poll as an open page that rings does; return when the desk received it."""
        try:
            if not (self._is_in or self._sign_in()):
                return None
            answer = self._client.get("/help/count/", headers={"HX-Request": "true", "X-Rings": "1"})
        except httpx.HTTPError:
            return None
        self._is_in = answer.is_success and not answer.url.path.startswith("/sign-in")
        return datetime.now(UTC) if self._is_in else None

    def close(self) -> None:
        self._client.close()

    def _sign_in(self) -> bool:
        page = self._client.get("/sign-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        fields = {"username": self._account["user"], "password": self._account["password"], "next": ""}
        if token is None:
            return False
        answer = self._client.post("/sign-in/", data=fields | {"csrfmiddlewaretoken": token[1]})
        return not answer.url.path.startswith("/sign-in")
