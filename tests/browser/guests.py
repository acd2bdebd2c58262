"""Opens the house's door to people, each at a browser of their own, and judges at the end what their browsers complained about."""

from contextlib import AsyncExitStack
from typing import Self

from playwright.async_api import Browser, ViewportSize

from tests.browser.person import Person
from tests.browser.watch import Watch
from tests.browser.words import LOCALES, Language
from tests.support.patience import PATIENCE_S

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

NETWORK = ("net::ERR_", "WebSocket connection to ")
"""How Chromium's console begins to tell of a network that is gone."""
REFUSED = ("the server responded with a status of 4",)

PATIENCE_MS = 1000 * PATIENCE_S


class Guests:
    """The people of one test. `expected` are the complaints that it provokes on purpose."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.people: list[Person] = []
        self.expected: tuple[str, ...] = ()

    async def arrive(self, name: str, language: Language = "en", *, phone: bool = False, dark: bool = False) -> Person:
        """Someone new who signs in under `name`."""
        person = await self.at_the_door(language, phone=phone, dark=dark)
        await person.come_in(name)
        return person

    async def at_the_door(self, language: Language = "en", *, phone: bool = False, dark: bool = False) -> Person:
        """Someone who opened the page in a fresh browser."""
        person = await self.outside(language, phone=phone, dark=dark)
        await person.look_in()
        return person

    async def outside(self, language: Language = "en", *, phone: bool = False, dark: bool = False) -> Person:
        """Someone with a fresh browser in which nothing is open yet."""
        context = await self.browser.new_context(
            locale=LOCALES[language],
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            is_mobile=phone,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        watch = Watch(context)
        person = Person(context, await context.new_page(), self.address, language, watch)
        self.people.append(person)
        return person

    async def second_device(self, owner: Person) -> Person:
        """The same person at another browser, which got the session but nothing else."""
        person = await self.outside(owner.language)
        cookie, *_ = await owner.context.cookies()
        await self.lend_session(person, cookie["value"])
        person.name = owner.name
        await person.look_in()
        await person.inside()
        return person

    async def second_tab(self, owner: Person) -> Person:
        """The same person in the same browser."""
        tab = Person(owner.context, await owner.context.new_page(), self.address, owner.language, owner.watch, owner.name)
        await tab.look_in()
        return tab

    async def lend_session(self, person: Person, token: str) -> None:
        """Whoever opens the page in this browser next is whom the session belongs to."""
        await person.context.add_cookies([{"name": "teahouse_session", "value": token, "url": self.address}])

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.go_home()

    async def go_home(self) -> None:
        """Close every browser and fail if one complained or called a stranger."""
        async with AsyncExitStack() as leaving:
            for person in self.people:
                leaving.push_async_callback(person.context.close)
        complaints = [(person.name, words) for person in self.people for words in person.watch.complaints]
        unexpected = [(name, words) for name, words in complaints if not any(known in words for known in self.expected)]
        assert unexpected == [], f"browsers complained: {unexpected}"
        strangers = [url for person in self.people for url in person.watch.strangers(self.address)]
        assert strangers == [], f"browsers called strangers: {strangers}"
