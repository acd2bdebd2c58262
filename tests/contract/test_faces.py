"""The faces that ship: how many, how big, safe to serve, their licence told. Each check is tried on a planted fault as well."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from teahouse.faces import FACES, ROBOT

FOLDER = Path(__file__).parents[2] / "src" / "teahouse" / "web" / "faces"
MAX_BYTES = 12_000
DRAWING = {"svg", "g", "path", "circle", "ellipse", "rect"}
"""What a face may be made of: shapes, which can neither run nor load anything."""


def faults(svg: str) -> list[str]:
    """Return what is wrong with a face's picture."""
    found = []
    if len(svg.encode()) > MAX_BYTES:
        found.append("too big")
    if "<!" in svg or "<?" in svg:
        found.append("has a doctype, a comment or an instruction")
    for element in ElementTree.fromstring(svg).iter():
        tag = element.tag.removeprefix("{http://www.w3.org/2000/svg}")
        if tag not in DRAWING:
            found.append(f"has <{tag}>")
        for name, value in element.attrib.items():
            if name.lower().startswith("on") or "href" in name or re.search(r"url\(|:|&", value):
                found.append(f"has {name}={value!r}")
    return found


@pytest.mark.parametrize("face", [*FACES, ROBOT])
def test_a_face_is_small_and_nothing_but_shapes(face):
    assert faults((FOLDER / f"{face}.svg").read_text()) == []


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<image href="x.png"/>',
        '<path onload="alert(1)"/>',
        '<path fill="url(#a)"/>',
        "<style>*{}</style>",
        "<!-- hello -->",
        f'<path d="{"M0 0" * 4000}"/>',
    ],
)
def test_a_planted_fault_is_found(inside):
    assert faults(f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>')


def test_there_are_thirty_six_faces_to_choose_from_and_the_robots_is_not_among_them():
    assert tuple(f"f{number:02}" for number in range(1, 37)) == FACES
    assert ROBOT not in FACES


def test_no_two_faces_are_the_same():
    pictures = {(FOLDER / f"{face}.svg").read_text() for face in FACES}
    assert len(pictures) == len(FACES)


def test_the_licence_and_the_designer_are_told():
    licence = (FOLDER / "LICENSE.txt").read_text()
    assert "CC0 1.0" in licence
    assert "Lisa Wischofsky" in licence
