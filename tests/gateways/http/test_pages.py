"""The page and its files, and the headers that every answer carries."""

import gzip
import re
from pathlib import Path

import httpx
import pytest

from teahouse.gateways.http.assets import read_assets
from tests.gateways.http.conftest import Visit


@pytest.fixture
def browser(visit: Visit) -> httpx.Client:
    return visit()


@pytest.fixture
def base(browser: httpx.Client) -> str:
    found = re.search(r"/static/[0-9a-f]+/", browser.get("/").text)
    assert found is not None
    return found[0]


def test_the_page_names_its_files_under_their_hash_and_is_asked_for_anew(browser: httpx.Client, base: str) -> None:
    page = browser.get("/")

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"
    assert "{{" not in page.text
    for name in re.findall(rf'"{base}([^"]+)"', page.text):
        assert browser.get(f"{base}{name}").status_code == 200, name


def test_a_file_under_its_hash_is_kept_for_ever(browser: httpx.Client, base: str) -> None:
    file = browser.get(f"{base}app.js")

    assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert file.headers["content-type"] == "text/javascript; charset=utf-8"


def test_a_file_travels_compressed_only_where_that_is_understood(browser: httpx.Client, base: str) -> None:
    packed = browser.get(f"{base}app.js", headers={"Accept-Encoding": "br, gzip"})
    plain = browser.get(f"{base}app.js", headers={"Accept-Encoding": "identity"})

    assert (packed.headers["content-encoding"], "content-encoding" in plain.headers) == ("gzip", False)
    assert packed.text == plain.text
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


def test_under_another_hash_there_is_nothing(browser: httpx.Client) -> None:
    assert browser.get("/static/000000000000/app.js").json()["code"] == "not_found"


@pytest.mark.parametrize(
    "path",
    [
        "../settings.py",
        "..%2fsettings.py",
        "%2e%2e/settings.py",
        "views/../../settings.py",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "",
        "views",
        ".",
    ],
)
def test_no_path_leads_out_of_the_pages_files(browser: httpx.Client, base: str, path: str) -> None:
    answer = browser.get(httpx.URL(f"{browser.base_url}").copy_with(raw_path=f"{base}{path}".encode()))

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_face_is_a_picture_that_can_do_nothing(browser: httpx.Client) -> None:
    face = browser.get("/faces/f01.svg")

    assert face.headers["content-type"].startswith("image/svg+xml")
    assert face.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert "max-age" in face.headers["cache-control"]
    assert browser.get("/faces/nobody.svg").status_code == 404
    assert browser.get("/faces/..%2findex.html").status_code == 404


def test_every_face_and_the_robots_have_a_picture(browser: httpx.Client) -> None:
    for face in [*browser.get("/api/v1/house").json()["faces"], "birdie"]:
        assert browser.get(f"/faces/{face}.svg").status_code == 200, face


def test_browsers_find_an_icon_and_a_manifest(browser: httpx.Client) -> None:
    manifest = browser.get("/manifest.webmanifest")

    assert browser.get("/favicon.ico").status_code == 200
    assert manifest.headers["content-type"] == "application/manifest+json"
    assert manifest.json()["name"] == "Teahouse"
    for icon in manifest.json()["icons"]:
        assert browser.get(icon["src"]).headers["content-type"].startswith(icon["type"])


def test_the_pages_policy_lets_in_nothing_but_our_own(browser: httpx.Client) -> None:
    host = httpx.URL(browser.base_url).netloc.decode()
    rules = dict(rule.strip().split(" ", 1) for rule in browser.get("/").headers["content-security-policy"].split(";"))

    assert rules == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data: blob:",
        "connect-src": f"'self' ws://{host} wss://{host}",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }


@pytest.mark.parametrize("path", ["/", "/healthz", "/faces/f01.svg", "/api/v1/house", "/api/v1/me", "/api/v1/nothing", "/nothing"])
def test_every_answer_carries_the_safe_headers(browser: httpx.Client, path: str) -> None:
    headers = browser.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "content-security-policy" in headers
    assert "cache-control" in headers
    assert "date" in headers
    assert "server" not in headers


@pytest.mark.parametrize("path", ["/api/v1/house", "/api/v1/me"])
def test_what_the_api_says_is_kept_by_nobody(browser: httpx.Client, path: str) -> None:
    assert browser.get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/api/v1/x", 404), ("GET", "/api", 404), ("GET", "/x", 404), ("POST", "/", 405)]
)
def test_where_there_is_nothing_that_is_said_as_json(browser: httpx.Client, method: str, path: str, status: int) -> None:
    answer = browser.request(method, path)

    assert answer.status_code == status
    assert set(answer.json()) == {"code", "words", "retry"}


def test_the_api_describes_itself_and_loads_nothing_from_elsewhere(browser: httpx.Client) -> None:
    description = browser.get("/api/v1/openapi.json")

    assert description.json()["openapi"].startswith("3.")
    for viewer in ("/schema", "/schema/swagger", "/schema/redoc", "/docs", "/api/v1"):
        assert browser.get(viewer).status_code == 404, viewer


def test_the_description_and_the_protocol_page_list_the_same_requests(browser: httpx.Client) -> None:
    page = (Path(__file__).parents[3] / "docs" / "protocol.md").read_text(encoding="utf-8").partition("## REST")[2]
    written = set()
    for methods, path in re.findall(r"^\| `?([A-Z`, ]+)`? `?(/\S+?)[?`]", page, re.MULTILINE):
        written |= {(method, path) for method in re.findall("[A-Z]+", methods)}
    for methods, path in re.findall(r"^\| `([A-Z]+) (/[^?`]+)", page, re.MULTILINE):
        written.add((methods, path))
    paths = browser.get("/api/v1/openapi.json").json()["paths"]

    described = {(method.upper(), path) for path, methods in paths.items() for method in methods}

    assert {without_names(each) for each in described} == {without_names(each) for each in written}


def without_names(endpoint: tuple[str, str]) -> tuple[str, str]:
    return endpoint[0], re.sub(r"\{\w+\}", "{}", endpoint[1])


def test_the_files_hash_changes_with_any_file(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("1")
    (tmp_path / ".hidden").write_text("x")
    before = read_assets(tmp_path)

    (tmp_path / "a.js").write_text("2")

    assert set(before.files) == {"a.js"}
    assert read_assets(tmp_path).version != before.version


def test_what_compression_does_not_make_smaller_travels_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "short.js").write_text("1")
    (tmp_path / "long.js").write_text("1" * 1000)
    files = read_assets(tmp_path).files

    assert files["short.js"].gzipped is None
    assert gzip.decompress(files["long.js"].gzipped or b"") == files["long.js"].body
