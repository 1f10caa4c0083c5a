"""Ports for programs that are told where to listen before they do."""

from __future__ import annotations

import itertools
import socket

import pytest

from chatdrill.engine import bot
from chatdrill.engine.bot import free_port
from chatdrill.errors import BotError


def test_each_call_gives_another_port_and_none_that_the_system_hands_out_by_itself():
    ports = [free_port() for _ in range(50)]
    assert len(set(ports)) == 50 and min(ports) > 1024 and max(ports) < 32_768


def test_a_port_that_somebody_listens_on_is_passed_over(monkeypatch):
    monkeypatch.setattr(bot, "_looked", itertools.count())
    first = free_port()
    monkeypatch.setattr(bot, "_looked", itertools.count())
    with socket.create_server(("127.0.0.1", first)):
        assert free_port() != first


def test_where_no_port_is_free_that_is_said(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(bot, "_PORTS", range(port, port + 1))
        with pytest.raises(BotError, match=f"no port from {port} to {port}"):
            free_port()
