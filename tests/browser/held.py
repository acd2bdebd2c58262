"""A bad line on purpose: what the house says to a page waits until a test lets it through."""

from playwright.async_api import BrowserContext, Route, WebSocketRoute


class HeldAnswers:
    """All WebSockets of one browser context; set it up before the page is loaded. `hold` begins, `release` lets all through in order."""

    def __init__(self) -> None:
        self._held: list[tuple[WebSocketRoute, str | bytes]] | None = None

    @classmethod
    async def of(cls, context: BrowserContext) -> "HeldAnswers":
        answers = cls()
        await context.route_web_socket("**/ws", answers._carry)
        return answers

    def hold(self) -> None:
        self._held = []

    def release(self) -> None:
        held, self._held = self._held or [], None
        for page, message in held:
            page.send(message)

    def _carry(self, page: WebSocketRoute) -> None:
        house = page.connect_to_server()

        def to_page(message: str | bytes) -> None:
            if self._held is None:
                page.send(message)
            else:
                self._held.append((page, message))

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
