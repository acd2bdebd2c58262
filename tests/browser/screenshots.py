"""Photographs every view of the page into a folder, for people to look at: `bin/screenshots FOLDER`."""

import asyncio
import shutil
import sys
import tempfile
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from playwright.async_api import async_playwright, expect

from tests.browser.conftest import FLAGS
from tests.browser.guests import Guests
from tests.browser.person import Person
from tests.browser.scene import SAID_TWICE, Scene, playing
from tests.browser.words import LOCALES, Language
from tests.conftest import find_browser
from tests.faults.server import Server

README_PICTURE = Path(__file__).parents[2] / "docs" / "screenshot.png"
OF_THE_README = "desktop-light-en-lobby"

DRAWN = """async () => {
  await document.fonts.ready;
  await Promise.all([...document.images].filter((one) => one.loading !== 'lazy').map((one) => one.decode().catch(() => {})));
}"""


@dataclass(frozen=True)
class Camera:
    folder: Path
    style: str
    """How the names of its pictures begin."""

    async def shoot(self, person: Person, view: str) -> None:
        await person.page.mouse.move(0, 0)  # nothing lies under the pointer there
        await person.page.evaluate(DRAWN)
        await person.page.screenshot(path=self.folder / f"{self.style}-{view}.png")


async def photograph(guests: Guests, scene: Scene, folder: Path, language: Language, phone: bool, dark: bool) -> None:
    """Every view in one language, size and theme."""
    camera = Camera(folder, f"{'phone' if phone else 'desktop'}-{'dark' if dark else 'light'}-{language}")
    visitor = await guests.at_the_door(language, phone=phone, dark=dark)
    await expect(visitor.name_field).not_to_have_value("")
    await camera.shoot(visitor, "door")
    await visitor.context.close()

    viewer = await guests.outside(language, phone=phone, dark=dark)
    await guests.lend_session(viewer, scene.viewer.cookie)
    await viewer.look_in()
    await viewer.inside()
    await shoot_rooms(viewer, scene, camera, phone=phone)
    await viewer.context.close()


async def shoot_rooms(viewer: Person, scene: Scene, camera: Camera, *, phone: bool) -> None:
    if phone:
        await camera.shoot(viewer, "rooms")
        await viewer.open_room(viewer.t("room.lobby"))
    last = viewer.log.locator("[data-seq]").last
    await expect(last).to_be_in_viewport()
    await camera.shoot(viewer, "lobby")
    await viewer.button("composer.emoji").click()
    await camera.shoot(viewer, "emoji")
    await viewer.page.keyboard.press("Escape")
    await last.locator(".bubble").click(button="right")
    await camera.shoot(viewer, "message-menu")
    await viewer.page.keyboard.press("Escape")
    if phone:
        await viewer.page.locator(".people-button").click()
        await expect(viewer.dialog.locator(".person").first).to_be_visible()
        await camera.shoot(viewer, "people")
        await viewer.page.keyboard.press("Escape")
        await viewer.page.locator(".back").click()
    await viewer.button("rooms.create").click()
    await camera.shoot(viewer, "create-room")
    await viewer.page.keyboard.press("Escape")
    await viewer.page.locator(".myself .person").click()
    await viewer.button("programs.title").click()
    await viewer.button("programs.new").click()
    await camera.shoot(viewer, "programs")
    await viewer.page.keyboard.press("Escape")
    await viewer.open_room(scene.direct)
    await shoot_search(viewer, camera)
    await expect(viewer.log.locator("[data-seq]").last).to_be_in_viewport()
    await camera.shoot(viewer, "direct")


async def shoot_search(viewer: Person, camera: Camera) -> None:
    await viewer.page.keyboard.press("ControlOrMeta+k")
    await viewer.dialog.get_by_role("searchbox").fill(SAID_TWICE)
    await expect(viewer.dialog.locator(".search-hit").first).to_be_visible()
    await camera.shoot(viewer, "search")
    await viewer.page.keyboard.press("Escape")


async def photograph_all(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as fresh, Server(Path(fresh) / "data") as server:
        async with (
            playing(server.address) as scene,
            async_playwright() as playwright,
            await playwright.chromium.launch(executable_path=find_browser(), args=FLAGS) as browser,
        ):
            for language, phone, dark in product(LOCALES, (False, True), (False, True)):
                async with Guests(browser, server.address) as guests:
                    await photograph(guests, scene, folder, language, phone, dark)


def main(folder: Path) -> None:
    """Take all pictures, and the README's anew."""
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(photograph_all(folder))
    shutil.copyfile(folder / f"{OF_THE_README}.png", README_PICTURE)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
