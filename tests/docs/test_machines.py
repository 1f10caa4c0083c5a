"""The page about many machines: its files parse, its services fit together, and the commands know the flags."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "load-from-many-machines.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", PAGE, flags=re.DOTALL)
COMPOSE, KUBERNETES = (list(yaml.safe_load_all(text)) for kind, text in BLOCKS if kind == "yaml")
ENTRY = json.loads(re.findall(r"^ENTRYPOINT (.*)$", PAGE, flags=re.MULTILINE)[0])


def commands() -> list[list[str]]:
    """All words of ``chatdrill load`` that the page has, those behind the entry point of the image included."""
    written = [shlex.split(line) for kind, text in BLOCKS if not kind for line in text.splitlines()]
    composed = [each["command"] for each in COMPOSE[0]["services"].values() if "command" in each]
    jobs = [container(each)["args"] for each in KUBERNETES if each["kind"] == "Job"]
    return [*written, *([*ENTRY, *words] for words in (*composed, *jobs))]


def container(document: dict[str, Any]) -> dict[str, Any]:
    return dict(document["spec"]["template"]["spec"]["containers"][0])


def flags(words: list[str]) -> set[str]:
    return {word for word in words if word.startswith("--") and word != "--"}


def help_of(*command: str) -> set[str]:
    shown = subprocess.run([sys.executable, "-m", *command, "--help"], capture_output=True, text=True, check=True)
    return set(re.findall(r"--[a-z][a-z-]*", shown.stdout))


def test_every_flag_on_the_page_is_known_to_the_command_that_gets_it() -> None:
    if find_spec("locust") is None:
        pytest.skip("what Locust knows, it says itself (pip install 'chatdrill[load]')")
    assert len(commands()) == 8 and all(words[:2] == ["chatdrill", "load"] for words in commands())
    own = {flag for words in commands() for flag in flags(words[: words.index("--")])}
    locusts = {flag for words in commands() for flag in flags(words[words.index("--") :])}
    assert own <= help_of("chatdrill", "load") and locusts <= help_of("locust")


def test_as_many_workers_are_started_as_the_master_expects() -> None:
    services = COMPOSE[0]["services"]
    assert services["master"]["command"][-1] == str(sum(name.startswith("worker-") for name in services))
    master, workers = (each for each in KUBERNETES if each["kind"] == "Job")
    assert container(master)["args"][-1] == str(workers["spec"]["completions"]) == str(workers["spec"]["parallelism"])


def test_every_service_selects_a_pod_that_there_is_at_a_port_that_it_has() -> None:
    pods = [each for each in KUBERNETES if each["kind"] != "Service"]
    ports = {
        each["spec"]["template"]["metadata"]["labels"]["app"]: {
            port["containerPort"] for port in container(each)["ports"]
        }
        for each in pods
    }
    for each in KUBERNETES:
        if each["kind"] == "Service":
            assert {port["port"] for port in each["spec"]["ports"]} <= ports[each["spec"]["selector"]["app"]]


def test_hosts_that_a_compose_file_names_are_its_services() -> None:
    services = COMPOSE[0]["services"]
    for name, each in services.items():
        words = each.get("command", [])
        named = [words[n + 1] for n, word in enumerate(words) if word in ("--host", "--master-host")]
        assert set(named) <= set(services) and each.get("hostname", name) == name
