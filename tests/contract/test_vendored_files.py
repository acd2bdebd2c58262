"""What is vendored is exactly what the manifest says: which file, from which package and version, under which licence."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]
VENDOR = REPOSITORY / "src" / "teahouse" / "web" / "vendor"
OUR_OWN = {"manifest.json", "LICENSES.txt"}
LICENCES = {"MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "CC0-1.0"}
"""What may be shipped inside an MIT package without more ado."""


def test_the_vendored_files_are_those_of_the_manifest_byte_by_byte() -> None:
    assert differences(VENDOR) == []


def test_every_vendored_file_comes_from_the_version_that_package_json_pins() -> None:
    pinned = json.loads((REPOSITORY / "package.json").read_text())["devDependencies"]

    assert {(entry["package"], entry["version"]) for entry in manifest(VENDOR).values()} <= set(pinned.items())


def test_every_vendored_package_has_an_open_licence_and_its_text_is_shipped() -> None:
    texts = (VENDOR / "LICENSES.txt").read_text(encoding="utf-8")

    licences = {
        package: licence
        for entry in manifest(VENDOR).values()
        for package, licence in {entry["package"]: entry["licence"], **entry.get("holds", {})}.items()
    }
    assert set(licences.values()) <= LICENCES
    assert [package for package in licences if f"{package} " not in texts] == []


@pytest.mark.parametrize(
    ("name", "content", "finding"),
    [
        ("preact.js", "changed", "preact.js is not the file of the manifest"),
        ("extra.js", "new", "extra.js is not in the manifest"),
        ("preact.js", None, "preact.js is in the manifest and missing here"),
    ],
)
def test_a_changed_an_added_and_a_missing_file_are_each_named(tmp_path: Path, name: str, content: str | None, finding: str) -> None:
    (tmp_path / "preact.js").write_text("export {}")
    entry = {"package": "preact", "version": "1", "licence": "MIT", "sha256": hashlib.sha256(b"export {}").hexdigest()}
    (tmp_path / "manifest.json").write_text(json.dumps({"files": {"preact.js": entry}}))
    assert differences(tmp_path) == []

    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_text(content)

    assert differences(tmp_path) == [finding]


def differences(vendor: Path) -> list[str]:
    listed = {name: entry["sha256"] for name, entry in manifest(vendor).items()}
    files = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in vendored(vendor, listed).items()}
    return [
        *(f"{name} is in the manifest and missing here" for name in sorted(listed.keys() - files.keys())),
        *(f"{name} is not in the manifest" for name in sorted(files.keys() - listed.keys())),
        *(f"{name} is not the file of the manifest" for name in sorted(listed.keys() & files.keys()) if listed[name] != files[name]),
    ]


def vendored(vendor: Path, listed: Iterable[str]) -> dict[str, Path]:
    """Return every file of the folder that is not ours, and those that the manifest lists and bin/vendor puts beside it (the icons)."""
    inside = {path.name: path for path in vendor.iterdir() if path.name not in OUR_OWN and not path.name.endswith(".d.ts")}
    return inside | {name: vendor.parent / name for name in listed if name not in inside and (vendor.parent / name).is_file()}


def manifest(vendor: Path) -> dict[str, dict[str, Any]]:
    return json.loads((vendor / "manifest.json").read_text(encoding="utf-8"))["files"]
