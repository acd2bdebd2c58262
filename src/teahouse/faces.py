"""The faces that people choose from, by name; their pictures are web/faces/NAME.svg and lie at /faces/NAME.svg."""

from importlib.resources import files

ROBOT = "birdie"
"""The robot's own face, which nobody else may wear."""

_PICTURES = files("teahouse") / "web" / "faces"

FACES: tuple[str, ...] = tuple(
    sorted(
        picture.name.removesuffix(".svg")
        for picture in _PICTURES.iterdir()
        if picture.name.endswith(".svg") and picture.name != f"{ROBOT}.svg"
    )
)
