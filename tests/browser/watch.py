"""Everything that one browser context asked for, heard and complained about, kept for judgement at the end of a test."""

from playwright.async_api import BrowserContext, ConsoleMessage, Error, Page, Request, WebError, WebSocket


class Watch:
    """`complaints` are errors and warnings of the console, uncaught exceptions and violations of the content policy."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        self.requests: list[Request] = []
        self.frames: list[str] = []
        """What went over its WebSockets, in both directions."""
        self._answered: list[Request] = []
        self._sockets: list[str] = []
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("requestfinished", self._finished)
        context.on("page", self._page)

    def strangers(self, address: str) -> list[str]:
        """The addresses it called that do not belong to the house at `address`."""
        own = (f"{address}/", f"{address.replace('http', 'ws', 1)}/", "data:", "blob:")
        return [url for url in [request.url for request in self.requests] + self._sockets if not url.startswith(own)]

    async def everything(self) -> str:
        """All that crossed the wire since the page was loaded, as one text to search; a browser forgets the answers to the page before."""
        asked = [f"{request.url} {request.post_data or ''}" for request in self.requests]
        answers = [await answer_to(request) for request in self._answered if "/api/" in request.url]
        return "\n".join(asked + answers + self.frames)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _error(self, error: WebError) -> None:
        self.complaints.append(str(error.error))

    def _request(self, request: Request) -> None:
        self.requests.append(request)

    def _finished(self, request: Request) -> None:
        self._answered.append(request)

    def _page(self, page: Page) -> None:
        page.on("websocket", self._socket)

    def _socket(self, socket: WebSocket) -> None:
        self._sockets.append(socket.url)
        socket.on("framesent", self._frame)
        socket.on("framereceived", self._frame)

    def _frame(self, data: str | bytes) -> None:
        self.frames.append(str(data))


async def answer_to(request: Request) -> str:
    """The body of its answer, empty where there is none."""
    response = await request.response()
    try:
        return "" if response is None else await response.text()
    except Error:
        return ""
