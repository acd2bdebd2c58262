"""A bad line on purpose: what the house says to a page waits until a test lets it through, or never was what the house says."""

import asyncio
import json
from typing import Any

from playwright.async_api import BrowserContext, Route, WebSocketRoute

from tests.browser.guests import PATIENCE_MS


class HeldAnswers:
    """All WebSockets of one browser context; set it up before the page is loaded. `hold` begins, `release` lets all through in order.

    `say` puts words into the house's mouth, on the socket that was opened last.
    """

    def __init__(self) -> None:
        self._held: list[tuple[WebSocketRoute, str | bytes]] | None = None
        self._only = ""
        self._caught = asyncio.Event()
        self._page: WebSocketRoute | None = None

    @classmethod
    async def of(cls, context: BrowserContext) -> "HeldAnswers":
        answers = cls()
        await context.route_web_socket("**/ws", answers._carry)
        return answers

    def hold(self, only: str = "") -> None:
        """Hold all from now on, or what has `only` in it."""
        self._held, self._only = [], only
        self._caught.clear()

    async def until_held(self) -> None:
        """Wait until something is held."""
        await asyncio.wait_for(self._caught.wait(), PATIENCE_MS / 1000)

    def release(self) -> None:
        held, self._held = self._held or [], None
        for page, message in held:
            page.send(message)

    def say(self, event: dict[str, Any]) -> None:
        assert self._page is not None
        self._page.send(json.dumps(event))

    def _carry(self, page: WebSocketRoute) -> None:
        house = page.connect_to_server()
        self._page = page

        def to_page(message: str | bytes) -> None:
            if self._held is None or self._only not in str(message):
                page.send(message)
            else:
                self._held.append((page, message))
                self._caught.set()

        house.on_message(to_page)


class HeldRequests:
    """REST requests that match `pattern`, from `hold` to `release`."""

    def __init__(self) -> None:
        self._held: list[Route] | None = None

    @classmethod
    async def of(cls, context: BrowserContext, pattern: str) -> "HeldRequests":
        requests = cls()
        await context.route(pattern, requests._carry)
        return requests

    def hold(self) -> None:
        self._held = []

    async def release(self) -> None:
        held, self._held = self._held or [], None
        for route in held:
            await route.continue_()

    async def _carry(self, route: Route) -> None:
        if self._held is None:
            await route.continue_()
        else:
            self._held.append(route)


class RefusedHellos:
    """A house that has no time for hellos while `refusing`: each is answered with when to say it again. `opened` counts WebSockets."""

    def __init__(self, after_s: float) -> None:
        self.refusing = True
        self.opened = 0
        self._after_s = after_s

    @classmethod
    async def of(cls, context: BrowserContext, after_s: float) -> "RefusedHellos":
        hellos = cls(after_s)
        await context.route_web_socket("**/ws", hellos._carry)
        return hellos

    def _carry(self, page: WebSocketRoute) -> None:
        house = page.connect_to_server()
        self.opened += 1

        def to_house(message: str | bytes) -> None:
            command = json.loads(message)
            if not self.refusing or command["type"] != "hello":
                return house.send(message)
            refusal = {"code": "too_much", "words": "too many hellos", "retry": True, "retry_after_s": self._after_s}
            return page.send(json.dumps({"type": "error", "id": command["id"], **refusal}))

        page.on_message(to_house)
