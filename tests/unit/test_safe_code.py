"""What the code never does: shells, evaluation, unpickling, weak chance and hashes, keys in the source, unknown parts."""

from __future__ import annotations

import ast
import hashlib
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.settings import Settings
from pipeline.web.server import configure
from tests.web_house import WebHouse

PRODUCT = ("pipeline", "storage", "ocr_models")

#: Modules that make objects out of bytes, and so code out of what a stranger sent.
UNSAFE_READERS = {"pickle", "marshal", "shelve", "dill", "yaml", "jsonpickle", "lxml", "xmlrpc"}

#: Where chance that can be guessed may be used, and for what.
GUESSABLE = {"pipeline/client/transport.py": "how long to wait before the next try"}

#: Where hashes that no longer bind may be named, and for what.
WEAK = {
    "pipeline/batches/words_along.py": "checksums that others wrote into their packages",
    "pipeline/people/one_time_codes.py": "HMAC-SHA-1 of RFC 6238, which is all that apps know",
}


def modules(root: Path) -> Iterator[tuple[str, ast.Module]]:
    for folder in PRODUCT:
        for path in (root / folder).rglob("*.py"):
            yield str(path.relative_to(root)), ast.parse(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def parsed(request: pytest.FixtureRequest) -> list[tuple[str, ast.Module]]:
    return list(modules(Path(__file__).parents[2]))


def imported(module: ast.Module) -> set[str]:
    names = {one.name for node in ast.walk(module) if isinstance(node, ast.Import) for one in node.names}
    return names | {node.module for node in ast.walk(module) if isinstance(node, ast.ImportFrom) and node.module}


def called(module: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_nothing_is_run_through_a_shell_or_evaluated(parsed: list[tuple[str, ast.Module]]) -> None:
    assert len(parsed) > 300
    for path, module in parsed:
        for name, call in called(module):
            assert name not in {"eval", "exec", "compile", "__import__", "os.system", "os.popen"}, (path, name)
            assert not [one for one in call.keywords if one.arg == "shell"], (path, call.lineno)


def test_nothing_is_made_of_bytes_but_values(parsed: list[tuple[str, ast.Module]]) -> None:
    for path, module in parsed:
        assert {name.partition(".")[0] for name in imported(module)} & UNSAFE_READERS == set(), path


def test_xml_of_strangers_is_read_by_what_knows_its_traps_alone(parsed: list[tuple[str, ast.Module]]) -> None:
    """What is read without it is our own, out of the bucket and proved by its hash."""
    reads = re.compile(r"(ElementTree|ET|etree|minidom|sax)\.(parse|fromstring|XML|iterparse|parseString)")
    readers = {path for path, module in parsed for name, _ in called(module) if reads.fullmatch(name)}
    assert readers <= {"pipeline/archive/alto.py"}


def test_what_must_not_be_guessed_comes_from_the_systems_generator(parsed: list[tuple[str, ast.Module]]) -> None:
    guessable = {path for path, module in parsed for node in ast.walk(module)
                 if (isinstance(node, ast.Import) and any(one.name == "random" for one in node.names))
                 or (isinstance(node, ast.ImportFrom) and node.module == "random"
                     and {one.name for one in node.names} != {"SystemRandom"})}  # fmt: skip
    assert guessable <= GUESSABLE.keys()
    assert not [path for path, module in parsed for name, _ in called(module) if name in {"uuid.uuid1", "uuid1"}]


def test_no_hash_or_cipher_is_used_that_no_longer_holds(parsed: list[tuple[str, ast.Module]]) -> None:
    weak = re.compile(r"\b(md5|sha1|SHA1|MD5|ECB|TripleDES|Blowfish|ARC4|PKCS1v15)\b")
    names = (
        (path, node) for path, module in parsed for node in ast.walk(module) if isinstance(node, (ast.Name, ast.Attribute))
    )
    found = {path for path, node in names if weak.fullmatch(node.id if isinstance(node, ast.Name) else node.attr)}
    assert found <= WEAK.keys()


def test_no_key_stands_in_the_source(root: Path) -> None:
    held = subprocess.run(["git", "ls-files", *PRODUCT, "scripts"], cwd=root, capture_output=True, text=True, check=True)
    for name in held.stdout.splitlines():
        assert Path(name).suffix not in {".pem", ".key", ".p12", ".pfx", ".jks"}, name
        if Path(name).suffix in {".py", ".toml", ".sh", ".json", ".js", ".html", ".yml", ""}:
            assert "PRIVATE KEY-----" not in (root / name).read_text(encoding="utf-8", errors="replace"), name


def test_scripts_of_others_are_the_very_ones_that_were_published(root: Path) -> None:
    folder = root / "pipeline" / "web" / "static" / "vendor"
    told = dict(
        re.findall(r"^\| `([\w.]+)` .* `([0-9a-f]{64})` \|$", (folder / "README.md").read_text(encoding="utf-8"), re.M)
    )
    assert {path.name for path in folder.glob("*.js")} == told.keys()
    for name, sha256 in told.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256, name


def test_every_part_that_is_installed_is_named_with_version_and_hash(root: Path) -> None:
    """The list of parts of the product, and what an installation checks them by."""
    lock = (root / "scripts" / "requirements" / "run.lock").read_text(encoding="utf-8")
    parts = re.split(r"\n(?=[a-z0-9])", "\n" + lock.partition("\n\n")[2] if lock.startswith("#") else lock)
    listed = {}
    for part in parts:
        if named := re.match(r"\s*([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", part):
            assert "--hash=sha256:" in part, named[1]
            listed[named[1].lower().replace("_", "-")] = named[2]
    wanted = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {re.split(r"[\[<>=!~; ]", one)[0].lower().replace("_", "-") for one in wanted}
    assert names <= listed.keys()
    assert "://" not in re.sub(r"#.*", "", lock)


def test_nothing_for_developers_is_served_and_no_version_is_told(tmp_path: Path) -> None:
    with WebHouse(tmp_path) as house:
        assert not house.app.debug
        for path in ("/docs", "/redoc", "/openapi.json", "/.git/config", "/static/", "/static/../app.py"):
            assert house.client.get(path).status_code == 404, path
        made = configure(house.app, Settings(home=tmp_path), "127.0.0.1", 8321)
        assert (made.server_header, made.access_log) == (False, False)
        assert not {"server", "x-powered-by"} & set(house.client.get("/").headers)
