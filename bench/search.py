"""P7: how long searches in a long room take, asked for in the process as the chat asks: index, texts and rendering together."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
from history import a_member, timed

from teahouse.model import LOBBY
from teahouse.storage.database import Database
from teahouse.storage.search.find import search
from teahouse.storage.search.query import parse

TIMES = 60
SEARCHES = {
    "1 Chinese character, common": "茶",
    "2 Chinese characters, common": "天天",
    "2 Chinese characters, nowhere": "茶咖",
    "4 Chinese characters, rare": "今天喝茶",
    "an English word, common": "tea",
    "an English word, nowhere": "coffee",
    "a word's beginning": "gar",
    "three words": "tea morning rain",
    "an author and a word": "from:reader 茶叶",
}

Result = dict[str, Any]


def search_times(world: Path) -> dict[str, Result]:
    """Return the times of each kind of search in `world`'s lobby, of which nearly all is indexed."""
    database = Database.in_folder(world)
    with asyncio.Runner() as runner:
        user_id = runner.run(database.read(a_member))

        def look(words: str) -> None:
            found = runner.run(database.read(search, user_id, parse(words), LOBBY, None, 20, None))
            msgspec.json.encode(found)

        times = {f"search: {name}": timed(lambda _, words=words: look(words), list(range(TIMES))) for name, words in SEARCHES.items()}
    database.close()
    return times
