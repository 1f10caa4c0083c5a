"""The library is built once; where it cannot be, the reason is an answer."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chatdrill.errors import UsageError
from chatdrill.preload import build, building, find


@pytest.fixture
def cc() -> str:
    found = find().compiler
    if found is None:
        pytest.skip("there is no C compiler")
    return found


@pytest.fixture
def counting(tmp_path) -> str:
    """A compiler that notes each call, and whose output is a word."""
    path = tmp_path / "counting-cc"
    path.write_text(
        f'#!/bin/sh\necho called >> {tmp_path}/calls\nwhile [ "$1" != -o ]; do shift; done\necho built > "$2"\n'
    )
    path.chmod(0o755)
    return str(path)


def test_what_is_built_already_is_not_built_again(tmp_path, counting):
    first = build(cache=tmp_path / "cache", cc=counting)
    assert build(cache=tmp_path / "cache", cc="/nowhere/cc") == first
    assert (tmp_path / "calls").read_text() == "called\n"


def test_several_may_build_at_once(tmp_path, counting):
    with ThreadPoolExecutor(8) as pool:
        built = set(pool.map(lambda _: build(cache=tmp_path / "cache", cc=counting), range(16)))
    assert list((tmp_path / "cache").iterdir()) == [path for path in built if path.read_text() == "built\n"]


def test_another_source_is_another_file(tmp_path, monkeypatch):
    before = building._fingerprint()
    for path in building._sources():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(building, "NATIVE", tmp_path)
    assert building._fingerprint() == before
    (tmp_path / "shared.c").write_text("int other;")
    assert building._fingerprint() != before


def test_the_source_compiles_without_a_warning(tmp_path, cc):
    flags = [flag for flag in building._flags() if not flag.startswith("-l")]
    sources = [str(path) for path in building._sources() if path.suffix == ".c"]
    command = [cc, *flags, "-Wall", "-Wextra", "-Werror", "-o", str(tmp_path / "clock.so"), *sources]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_without_a_compiler_the_error_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(building, "compiler", lambda: None)
    with pytest.raises(UsageError, match=r"no C compiler; install a C compiler: apt install gcc"):
        build(cache=tmp_path / "cache")


def test_a_failing_compiler_is_quoted(tmp_path):
    broken = tmp_path / "cc"
    broken.write_text("#!/bin/sh\necho noise >&2\necho 'clock.c:1: error: no such thing' >&2\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(UsageError) as told:
        build(cache=tmp_path / "cache", cc=str(broken))
    assert str(told.value) == f"{broken} failed with exit code 3:\nclock.c:1: error: no such thing"
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_cache_that_cannot_be_written_is_named(tmp_path, cc):
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(UsageError, match=r"cache: File exists; set XDG_CACHE_HOME"):
        build(cache=tmp_path / "cache", cc=cc)


@pytest.mark.parametrize("name", ["a b", "a:b"])
def test_a_path_that_cannot_be_preloaded_is_refused(tmp_path, name):
    with pytest.raises(UsageError, match="blank or a colon"):
        build(cache=tmp_path / name)


def test_other_systems_are_refused_by_name(monkeypatch):
    monkeypatch.setattr(building.sys, "platform", "darwin")
    with pytest.raises(UsageError, match="Linux only, and this is darwin"):
        build()


def test_finding_never_raises(monkeypatch):
    monkeypatch.setattr(building.platform, "machine", lambda: "vax")
    found = building.find.__wrapped__()
    assert (found.shim, found.faketime) == (None, None)
    assert "not on vax" in found.why_not


def test_it_can_be_built_beforehand(cc):
    done = subprocess.run([sys.executable, "-m", "chatdrill.preload"], capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()) == find().shim
