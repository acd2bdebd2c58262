"""Someone at a browser: what people do on the page and where they look, in the page's own words."""

from dataclasses import dataclass

from playwright.async_api import BrowserContext, Locator, Page, expect

from tests.browser.watch import Watch
from tests.browser.words import Language, words


@dataclass
class Person:
    """One tab. Whatever it returns as a Locator is looked for anew each time it is used."""

    context: BrowserContext
    page: Page
    address: str
    language: Language
    watch: Watch
    name: str = ""

    # The door

    async def look_in(self) -> None:
        """Load the page, as far as it shows something."""
        await self.page.goto(f"{self.address}/")
        await expect(self.page.locator(".door, .house")).to_be_visible()

    async def come_in(self, name: str) -> None:
        """Sign in under `name` and wait until one can write, or choose a room on a phone."""
        self.name = name
        await expect(self.name_field).not_to_have_value("")  # the dice's first name is there
        await self.name_field.fill(name)
        await self.button("signin.enter").click()
        await self.inside()

    async def inside(self) -> None:
        """Wait until the house is drawn and connected."""
        await expect(self.page.locator(".rooms, .composer").first).to_be_visible()
        await expect(self.banner).to_have_count(0)

    # Rooms

    def room(self, name: str) -> Locator:
        """The room's line in the list of rooms, by its whole name."""
        return self.rooms.locator(".room-item").filter(has=self.page.get_by_text(name, exact=True))

    async def open_room(self, name: str) -> None:
        await self.room(name).click()
        await expect(self.title).to_have_text(name)
        await expect(self.log).to_be_visible()

    async def create_room(self, name: str, kind: str) -> None:
        await self.button("rooms.create").click()
        await self.dialog.get_by_label(self.t("create.name"), exact=True).fill(name)
        await self.dialog.get_by_text(self.t(f"create.{kind}"), exact=True).click()
        await self.button("create.submit").click()
        await expect(self.title).to_have_text(name)

    async def open_direct(self, name: str) -> None:
        """From someone's name in the list of people."""
        await self.page.locator(".people .person").filter(has=self.page.get_by_text(name, exact=True)).click()
        await self.button("people.message").click()
        await expect(self.title).to_have_text(name)

    # Messages

    async def write(self, text: str) -> None:
        """Write and press Enter, or the button where Enter breaks the line; the message may still be on its way."""
        await self.composer.fill(text)
        if await self.composer.get_attribute("enterkeyhint") == "enter":
            await self.button("composer.send").click()
        else:
            await self.composer.press("Enter")

    async def say(self, text: str) -> None:
        """Write, send, and wait until it is stored."""
        await self.write(text)
        await self.sees(text)

    def message(self, text: str) -> Locator:
        """A stored message of the open room that reads `text`; a quote of it elsewhere is no such message."""
        return self.log.locator("article[data-seq]").filter(has=self.page.locator(".text", has_text=text))

    async def sees(self, text: str) -> None:
        """Wait until the message is there, once."""
        await expect(self.message(text)).to_have_count(1)

    async def choose(self, text: str, key: str) -> None:
        """Choose from the menu of the message that reads `text`."""
        await self.message(text).locator(".bubble").click(button="right")
        await self.dialog.get_by_role("button", name=self.t(key), exact=True).click()

    # Where one looks

    @property
    def name_field(self) -> Locator:
        return self.page.get_by_role("textbox", name=self.t("signin.name"), exact=True)

    @property
    def rooms(self) -> Locator:
        return self.page.locator("nav.rooms")

    @property
    def title(self) -> Locator:
        return self.page.get_by_role("heading", level=1).locator("visible=true").last

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def composer(self) -> Locator:
        return self.page.locator(".composer textarea")

    @property
    def pending(self) -> Locator:
        """Messages that are not stored yet."""
        return self.page.locator(".messages .is-pending")

    @property
    def banner(self) -> Locator:
        return self.page.locator(".banner")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def scroller(self) -> Locator:
        return self.page.locator(".messages-scroll")

    def button(self, key: str, **values: object) -> Locator:
        return self.page.get_by_role("button", name=self.t(key, **values), exact=True)

    def t(self, key: str, **values: object) -> str:
        return words(self.language, key, **values)
