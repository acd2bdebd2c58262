"""The old doors in a real browser: the signin door's own pages, and a client for each other door, opened from disk."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.guests import Guests
from tests.browser.test_accessibility import AXE, RUN
from tests.faults.server import Server

CLIENTS = Path(__file__).parents[2] / "docs" / "doors"
OTHERS = ("directed", "nickname", "lines", "relay", "shout")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("house")
    config = folder / "teahouse.toml"
    doors = [f'[[doors]]\ndialect = "{dialect}"\nlisten = 0\norigins = ["*"]\n' for dialect in OTHERS]
    config.write_text("".join([*doors, '[[doors]]\ndialect = "signin"\nlisten = 0\nroom = "小小鸟"\n']))
    with Server(folder / "data", {"CONFIG": str(config)}) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(locale="zh-CN")
    page = await context.new_page()
    errors: list[object] = []
    page.on("pageerror", lambda error: errors.append(error))
    yield page
    await context.close()
    assert errors == []


def address(server: Server, dialect: str) -> str:
    return next(door["address"] for door in server.ready["doors"] if door["dialect"] == dialect)


async def open_client(page: Page, server: Server, dialect: str, name: str = "") -> None:
    """Open the example client from disk and connect."""
    await page.goto((CLIENTS / f"{dialect}.html").as_uri())
    await page.locator("#address").fill(address(server, dialect))
    if name:
        await page.locator("#name").fill(name)
    await page.get_by_role("button", name="Connect").click()
    await expect(page.locator("#log")).to_contain_text("connected")


async def send(page: Page, text: str, to: str = "") -> None:
    if to:
        await page.locator("#to").fill(to)
    await page.locator("#text").fill(text)
    await page.get_by_role("button", name="Send").click()


@pytest.mark.parametrize("dialect", ["nickname", "lines", "relay", "shout"])
async def test_a_page_from_disk_talks_with_the_modern_page_in_the_lobby(server: Server, page: Page, guests: Guests, dialect: str) -> None:
    modern = await guests.arrive(f"Modern {dialect}")
    await open_client(page, server, dialect, "Old Nick" if dialect == "nickname" else "")
    await send(page, f"hello from {dialect} <b>茶</b>")
    await modern.sees(f"hello from {dialect} <b>茶</b>")
    await modern.say(f"hello, {dialect} <i>page</i>")
    await expect(page.locator("#log")).to_contain_text(f"hello, {dialect} <i>page</i>")


@pytest.mark.parametrize("dialect", ["directed", "nickname", "relay"])
async def test_a_page_from_disk_talks_to_one_person_on_the_modern_page(server: Server, page: Page, guests: Guests, dialect: str) -> None:
    name, old = f"Friend {dialect}", f"old-{dialect}"
    modern = await guests.arrive(name)
    await open_client(page, server, dialect, old)
    await send(page, "only for you", to=name)
    await modern.open_room(old)
    await modern.sees("only for you")
    await modern.say("and only for you")
    await expect(page.locator("#log")).to_contain_text("and only for you")


async def judge(page: Page) -> None:
    """See that axe-core finds nothing, as test_accessibility.py does for the modern page."""
    if AXE.exists():
        await page.evaluate(AXE.read_text())
        assert await page.evaluate(RUN, "body") == []


async def test_the_signin_door_from_the_redirect_to_sign_out(server: Server, page: Page) -> None:
    base = address(server, "signin").replace("ws", "http", 1)
    await page.goto((CLIENTS / "signin.html").as_uri())
    await page.locator("#address").fill(base)
    await page.get_by_role("button", name="Go in").click()

    await expect(page).to_have_url(f"{base}/signin")
    await judge(page)
    name = await page.get_by_label("昵称").input_value()
    assert name and not name.isascii()
    assert await page.locator("input[name=imgid]:checked").count() == 1
    await page.locator("img[src='static/images/9.jpg']").click()
    await page.get_by_role("button", name="进入聊天室").click()

    await expect(page).to_have_url(f"{base}/")
    people = page.locator("#people li")
    await expect(people.first).to_contain_text("机器人小小鸟")
    await expect(people.filter(has_text=name)).to_have_count(1)
    await expect(people.filter(has_text=name).locator("img")).to_have_attribute("src", "static/images/9.jpg")
    drawn = "images => images.every(image => image.complete && image.naturalWidth > 0)"
    assert await page.locator("#people img").evaluate_all(drawn)

    await page.get_by_label("说点什么").fill("你好 <img src=x onerror=alert(1)>")
    await page.keyboard.press("Enter")
    talk = page.locator("#talk")
    await expect(talk).to_contain_text("你好 <img src=x onerror=alert(1)>")
    await expect(talk.locator("div", has=page.locator("b", has_text="机器人小小鸟"))).to_have_count(1)

    await judge(page)

    await page.get_by_role("link", name="退出").click()
    await expect(page).to_have_url(f"{base}/signin")
    await page.goto(base)
    await expect(page).to_have_url(f"{base}/signin")


async def test_the_signin_door_and_the_modern_page_are_one_room(server: Server, page: Page, guests: Guests) -> None:
    base = address(server, "signin").replace("ws", "http", 1)
    await page.goto(base)
    await page.get_by_label("昵称").fill("赵小茶")
    await page.get_by_role("button", name="进入聊天室").click()
    await expect(page.locator("#people")).to_contain_text("赵小茶")
    modern = await guests.arrive("Aiko")
    await modern.button("rooms.find").click()
    await modern.dialog.get_by_role("listitem").filter(has_text="小小鸟").get_by_role("button").click()
    await expect(modern.title).to_have_text("小小鸟")
    await modern.say("こんにちは")
    await expect(page.locator("#talk")).to_contain_text("こんにちは")
    await page.get_by_label("说点什么").fill("欢迎")
    await page.keyboard.press("Enter")
    await modern.sees("欢迎")
