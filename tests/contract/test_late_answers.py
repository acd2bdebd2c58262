"""Nothing of the page opens, closes or focuses after it waited, but through `ui.follow`, which asks first what was done meanwhile."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "src" / "teahouse" / "web"
SEEN = ("views/*.js", "ui.js", "app.js", "fields.js")
"""What has hands: the engine below knows neither fields nor layers, and shows a room only when it is called."""

COMMENT = re.compile(r"/\*.*?\*/|(?<![:'\"`])//[^\n]*", re.DOTALL)
ASYNC = re.compile(r"\basync\b")
AWAIT = re.compile(r"\bawait\b")
THEN = re.compile(r"\.(?:then|catch|finally)\(")
GUARDED = re.compile(r"\b(?:follow|enterRoom)\(")
MOVE = re.compile(
    r"\b(?:openRoom|closeRoom|leaveRoom|goTo|jumpTo|open|close|onClose|focus|focusComposer|select|pushState)\("
    r"|\.(?:editing|insertion|overlay|jump)\.value\s*=(?!=)"
)


def test_nobody_moves_after_waiting_without_asking() -> None:
    files = sorted(path for pattern in SEEN for path in WEB.glob(pattern))
    found = [f"{path.relative_to(WEB)}: {move}" for path in files for move in late_moves(path.read_text(encoding="utf-8"))]

    assert found == [], "let ui.follow go there"
    assert len(files) > 40


@pytest.mark.parametrize(
    "source",
    [
        "const a = async () => {\n  if (ok) {\n    await asked;\n  }\n  ui.openRoom(1);\n};",
        "const a = async () => (await asked) && ui.openRoom(1);",
        "const a = async () => {\n  if (joined || (await ui.attempt(store.join(1)))) ui.openRoom(1);\n};",
        "async function a(/** @type {{b: (c) => d}} */ what) {\n  await asked;\n  field.current?.focus();\n}",
        "ui.attempt(asked).then(() => ui.open({ type: 'programs' }));",
        "async message(user) {\n  await asked;\n  ui.editing.value = null;\n}",
        "const a = async () => {\n  await ui.follow(asked, () => close());\n  onClose();\n};",
    ],
)
def test_a_move_after_waiting_is_named(source: str) -> None:
    assert len(list(late_moves(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "const a = async () => {\n  ui.close();\n  await asked;\n  ui.say('done');\n};\nconst b = () => ui.openRoom(1);",
        "const a = async () => {\n  await ui.follow(asked, ({ room }) => ui.openRoom(room.id), () => ui.say(')'));\n  setBusy(false);\n};",
        "const a = async () => {\n  // then ui.close() would be wrong\n  await asked;\n  if (ui.editing.value === null) return;\n};",
    ],
)
def test_a_move_before_waiting_or_one_that_asks_is_let_pass(source: str) -> None:
    assert list(late_moves(source)) == []


def late_moves(source: str) -> Iterator[str]:
    """Yield the moves of a file that come after an `await` in their function, or in what is handed to a promise."""
    code = COMMENT.sub("", source)
    for begin in ASYNC.finditer(code):
        body = body_at(code, begin.end())
        waits = AWAIT.search(body)
        if waits:
            yield from (move.group() for move in MOVE.finditer(unguarded(body[waits.end() :])))
    for then in THEN.finditer(code):
        yield from (move.group() for move in MOVE.finditer(unguarded(balanced(code, then.end() - 1))))


def body_at(code: str, start: int) -> str:
    """The body of the function whose head begins at `start`: what its braces hold, or the expression behind its arrow."""
    head = start + len(code[start:]) - len(code[start:].lstrip())
    parameters = code.index("(", head)
    rest = parameters + len(balanced(code, parameters))
    arrow = re.compile(r"\s*(?:=>)?\s*").match(code, rest)
    begin = arrow.end() if arrow else rest
    if code[begin] == "{":
        return balanced(code, begin)
    end = re.compile(r";|\n\s*\n|\Z").search(code, begin)
    return code[begin : end.start() if end else len(code)]


def unguarded(code: str) -> str:
    """`code` without what is handed to those who ask first."""
    while guarded := GUARDED.search(code):
        code = code[: guarded.start()] + code[guarded.end() - 1 + len(balanced(code, guarded.end() - 1)) :]
    return code


def balanced(code: str, start: int) -> str:
    """From the bracket at `start` to its partner; brackets in short strings do not count, those of templates come in pairs."""
    depth = 0
    for token in re.compile(r"'[^'\n]*'|[(\[{]|[)\]}]").finditer(code, start):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(token.group(), 0)
        if depth == 0:
            return code[start : token.end()]
    return code[start:]
