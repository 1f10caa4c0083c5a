"""What is said of a command before it is started."""

from __future__ import annotations

import os
import platform
import struct
import sys
from pathlib import Path

import pytest

from chatdrill.preload import reach
from chatdrill.preload.elf import read_executable

X86_64, AARCH64, I386 = 62, 183, 3


def elf(*, machine: int, bits: int = 64, loader: bytes = b"", note: bytes = b"", order: str = "<") -> bytes:
    """An executable of the shortest kind: a head, its segments, their contents."""
    wanted = [(3, loader)] * bool(loader) + [(4, note)] * bool(note)
    head_bytes, entry_bytes = (64, 56) if bits == 64 else (52, 32)
    head = bytearray(head_bytes)
    head[:7] = b"\x7fELF" + bytes([bits // 32, 1 if order == "<" else 2, 1])
    struct.pack_into(order + "HH", head, 16, 3, machine)
    struct.pack_into(order + ("Q" if bits == 64 else "I"), head, 32 if bits == 64 else 28, head_bytes)
    struct.pack_into(order + "HH", head, 54 if bits == 64 else 42, entry_bytes, len(wanted))
    entries, contents = b"", b""
    for kind, content in wanted:
        place = head_bytes + entry_bytes * len(wanted) + len(contents)
        if bits == 64:
            entries += struct.pack(order + "IIQQQQQQ", kind, 0, place, 0, 0, len(content), 0, 0)
        else:
            entries += struct.pack(order + "IIIIIIII", kind, place, 0, 0, len(content), 0, 0, 0)
        contents += content
    return bytes(head) + entries + contents


LOADER = b"/lib64/ld-linux-x86-64.so.2\0"
GO_NOTE = struct.pack("<III4s8s", 4, 8, 4, b"Go\0\0", b"buildid!")
HERE = {"x86_64": X86_64, "aarch64": AARCH64}.get(platform.machine(), X86_64)
OTHER = AARCH64 if HERE == X86_64 else X86_64

VERDICTS = {
    "dynamic": (elf(machine=HERE, loader=LOADER), True, "is linked dynamically"),
    "static": (elf(machine=HERE), False, "is statically linked"),
    "Go": (elf(machine=HERE, note=GO_NOTE), False, "is a Go program"),
    "Go with C": (elf(machine=HERE, loader=LOADER, note=GO_NOTE), False, "is a Go program"),
    "32 bits": (elf(machine=I386, bits=32, loader=LOADER), False, "is a 32-bit program for i386"),
    "another machine": (elf(machine=OTHER, loader=LOADER), False, "is a 64-bit program for"),
    "big-endian": (elf(machine=22, loader=LOADER, order=">"), False, "is a 64-bit program for s390x"),
    "text": (b"hello", False, "is no program of Linux"),
    "cut off": (elf(machine=HERE, loader=LOADER)[:80], False, "is no program of Linux"),
    "empty": (b"", False, "is no program of Linux"),
}


def program(folder: Path, content: bytes | str, name: str = "bot") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("kind", VERDICTS)
def test_an_executable_is_judged_by_its_head(kind, tmp_path):
    content, reached, words = VERDICTS[kind]
    path = program(tmp_path, content)
    found = reach(["./bot", "--port", "1"], tmp_path, {})
    assert (found.reached, found.program, found.is_launcher) == (reached, path, False)
    assert found.words.startswith(f"{path} {words}")


def test_a_static_program_of_a_real_compiler_is_recognised(compiled, tmp_path):
    made = compiled("int main(void) { return 0; }", "-static")
    assert "statically linked" in reach([str(made)], tmp_path, {}).words
    assert read_executable(compiled("int main(void) { return 0; }")).interpreter.startswith("/lib")


@pytest.mark.parametrize("line", ["#!{to}", "#! {to} -u", "#!/usr/bin/env runtime", "#!/usr/bin/env -S runtime --flag"])
def test_a_script_is_judged_by_what_runs_it(line, tmp_path):
    runtime = program(tmp_path, elf(machine=HERE), "runtime")
    program(tmp_path, line.format(to=runtime) + "\nprint()\n")
    found = reach(["bot"], tmp_path, {"PATH": f"{tmp_path}"})
    assert (found.reached, found.program) == (False, runtime)


def test_a_script_that_runs_itself_ends(tmp_path):
    path = tmp_path / "bot"
    program(tmp_path, f"#!{path}\n")
    assert not reach([str(path)], tmp_path, {}).reached


@pytest.mark.parametrize("words", [["env", "A=1", "-u", "B", "./bot"], ["env", "./bot"]])
def test_env_in_front_is_looked_through(words, tmp_path):
    path = program(tmp_path, elf(machine=HERE))
    assert reach(words, tmp_path, {"PATH": "/usr/bin:/bin"}).program == path


@pytest.mark.parametrize("name", ["sh", "npm", "poetry"])
def test_of_a_launcher_only_so_much_is_said(name, tmp_path):
    program(tmp_path, elf(machine=HERE, loader=LOADER), name)
    found = reach([name, "start"], tmp_path, {"PATH": str(tmp_path)})
    assert found.reached and found.is_launcher
    assert "starts other programs: the clock reaches those that are linked dynamically" in found.words


@pytest.mark.parametrize("name", ["docker", "sudo", "ssh"])
def test_what_starts_it_elsewhere_is_out_of_reach(name, tmp_path):
    found = reach([name, "run", "bot"], tmp_path, dict(os.environ))
    assert not found.reached
    assert found.words.startswith(f"{name} starts it where a preloaded clock does not come along")


def test_a_program_of_another_user_is_out_of_reach(tmp_path):
    program(tmp_path, elf(machine=HERE, loader=LOADER)).chmod(0o4755)
    assert "setuid" in reach(["./bot"], tmp_path, {}).words


@pytest.mark.parametrize("command", [[], ["no-such-program"], ["./none"], ["env", "-i", "sh"], ["env"], [""]])
def test_what_cannot_be_started_is_said(command, tmp_path):
    found = reach(command, tmp_path, {"PATH": "/usr/bin:/bin"})
    assert not found.reached and found.words


def test_this_python_is_reached(tmp_path):
    found = reach([sys.executable, "bot.py"], tmp_path, os.environ)
    assert found.reached and not found.is_launcher
