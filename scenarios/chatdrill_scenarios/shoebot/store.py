"""What must outlive a message: the inbox (which also deduplicates), conversations and the customers' pictures."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from .desks import File, Link, News
from .model import Event, Media, State, Switch

# A platform redelivers for days, but nobody needs more ids than this to recognise it.
REMEMBERED_MAX = 200_000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS inbox (
    id TEXT NOT NULL UNIQUE, event TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS inbox_open ON inbox (done) WHERE done = 0;
CREATE TABLE IF NOT EXISTS conversations (id TEXT PRIMARY KEY, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS alarms (conversation TEXT PRIMARY KEY, due REAL NOT NULL);
CREATE TABLE IF NOT EXISTS pictures (
    conversation TEXT NOT NULL, sha256 TEXT NOT NULL, size_bytes INTEGER NOT NULL, UNIQUE (conversation, sha256)
);
CREATE TABLE IF NOT EXISTS log (
    conversation TEXT NOT NULL, mark TEXT NOT NULL, author TEXT NOT NULL, words TEXT NOT NULL, at REAL NOT NULL,
    media TEXT, shown INTEGER NOT NULL DEFAULT 0, UNIQUE (conversation, mark)
);
CREATE TABLE IF NOT EXISTS choices (conversation TEXT PRIMARY KEY, payloads TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS departures (conversation TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS switches (
    token TEXT PRIMARY KEY, call TEXT NOT NULL UNIQUE, caller TEXT NOT NULL, topic TEXT NOT NULL, at REAL NOT NULL,
    used_by TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS notes (conversation TEXT PRIMARY KEY, words TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS names (conversation TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files (
    token TEXT PRIMARY KEY, sha256 TEXT NOT NULL, name TEXT NOT NULL, mime TEXT NOT NULL, content BLOB NOT NULL,
    at REAL NOT NULL, UNIQUE (sha256, name, mime)
);
CREATE TABLE IF NOT EXISTS tickets (id TEXT PRIMARY KEY, conversation TEXT NOT NULL, open INTEGER NOT NULL);
"""


class Store:
    def __init__(self, path: str) -> None:
        self._db = sqlite3.connect(path)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)

    def accept(self, event: Event) -> bool:
        """Writes the event down before the platform is told that we have it; False for one that we know already."""
        words = json.dumps(asdict(event))
        with self._db:
            row = self._db.execute("INSERT OR IGNORE INTO inbox (id, event) VALUES (?, ?)", (_key(event), words))
        if row.rowcount and row.lastrowid and row.lastrowid % 10_000 == 0:
            self._forget_before(row.lastrowid - REMEMBERED_MAX)
        return bool(row.rowcount)

    def is_waiting(self, event: Event) -> bool:
        """True for an event that was accepted, and nothing has been done about it yet."""
        query = "SELECT 1 FROM inbox WHERE id = ? AND done = 0"
        return self._db.execute(query, (_key(event),)).fetchone() is not None

    def open_events(self) -> list[Event]:
        """What was accepted and not answered, because the process ended in between."""
        rows = self._db.execute("SELECT event FROM inbox WHERE done = 0 ORDER BY rowid")
        return [_event(json.loads(words)) for (words,) in rows]

    def load(self, conversation: str) -> State:
        row = self._db.execute("SELECT state FROM conversations WHERE id = ?", (conversation,)).fetchone()
        return State(**json.loads(row[0])) if row else State()

    def save(self, conversation: str, state: State, due: float | None) -> None:
        """The state, and when the bot will speak unasked."""
        with self._db:
            self._write(conversation, state, due)

    def alarms(self) -> list[tuple[str, float]]:
        """Conversations in which the bot has something to say later, and when (Unix seconds)."""
        return [(conversation, due) for conversation, due in self._db.execute("SELECT conversation, due FROM alarms")]

    def finish(self, burst: Iterable[Event], state: State | None = None, due: float | None = None) -> None:
        """The new state and the end of the burst in one step, so that no burst changes a state twice."""
        events = list(burst)
        with self._db:
            if state is not None:
                self._write(events[0].conversation, state, due)
            # The id stays for the deduplication; the words of the customer need not.
            keys = [(_key(event),) for event in events]
            self._db.executemany("UPDATE inbox SET done = 1, event = '' WHERE id = ?", keys)

    def keep_picture(self, conversation: str, sha256: str, size_bytes: int) -> None:
        with self._db:
            row = (conversation, sha256, size_bytes)
            self._db.execute("INSERT OR IGNORE INTO pictures VALUES (?, ?, ?)", row)

    def pictures(self, conversation: str) -> list[tuple[str, int]]:
        rows = self._db.execute("SELECT sha256, size_bytes FROM pictures WHERE conversation = ?", (conversation,))
        return [(sha256, size) for sha256, size in rows]

    # --------------------------------------------------------------------------------- for the people at the desk

    def log(self, conversation: str, mark: str, author: str, words: str, at: float, media: Media | None) -> None:
        """Keeps one message of a conversation; once, however often it comes."""
        file = json.dumps(asdict(media)) if media else None
        with self._db:
            row = (conversation, mark, author, words, at, file)
            self._db.execute(
                "INSERT OR IGNORE INTO log (conversation, mark, author, words, at, media) VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )

    def unlog(self, conversation: str, mark: str) -> bool:
        """Forgets a message that was taken back, with all that came along. True if the desk has it already."""
        with self._db:
            query = "DELETE FROM log WHERE conversation = ? AND (mark = ? OR substr(mark, 1, ?) = ?) RETURNING shown"
            gone = self._db.execute(query, (conversation, mark, len(mark) + 1, f"{mark}#")).fetchall()
        return any(shown for (shown,) in gone)

    def lines(self, conversation: str, count_max: int) -> list[tuple[str, str, str, float, Media | None]]:
        """The newest messages that nobody at the desk has seen, in order: mark, author, words, time, file."""
        rows = self._db.execute(
            "SELECT mark, author, words, at, media FROM log WHERE conversation = ? AND shown = 0 "
            "ORDER BY rowid DESC LIMIT ?",
            (conversation, count_max),
        ).fetchall()
        return [(*row[:4], Media(**json.loads(row[4])) if row[4] else None) for row in reversed(rows)]

    def shown(self, conversation: str, marks: Iterable[str]) -> None:
        """The desk has these messages."""
        with self._db:
            rows = [(conversation, mark) for mark in marks]
            self._db.executemany("UPDATE log SET shown = 1 WHERE conversation = ? AND mark = ?", rows)

    def begin_showing(self, conversation: str, mark: str) -> bool:
        """True for a message that the desk does not have yet; from now on it counts as shown."""
        with self._db:
            query = "UPDATE log SET shown = 1 WHERE conversation = ? AND mark = ? AND shown = 0"
            return bool(self._db.execute(query, (conversation, mark)).rowcount)

    def take_back(self, conversation: str, mark: str) -> None:
        """The desk does not have this message after all."""
        with self._db:
            self._db.execute("UPDATE log SET shown = 0 WHERE conversation = ? AND mark = ?", (conversation, mark))

    def offer(self, conversation: str, payloads: list[str]) -> None:
        """What the numbers of the last message stand for, where there are no buttons."""
        with self._db:
            self._db.execute("INSERT OR REPLACE INTO choices VALUES (?, ?)", (conversation, json.dumps(payloads)))

    def offered(self, conversation: str) -> list[str]:
        row = self._db.execute("SELECT payloads FROM choices WHERE conversation = ?", (conversation,)).fetchone()
        return list(json.loads(row[0])) if row else []

    def leave(self, conversation: str) -> None:
        """The customer wants to hear nothing more."""
        with self._db:
            self._db.execute("INSERT OR IGNORE INTO departures VALUES (?)", (conversation,))

    def come_back(self, conversation: str) -> bool:
        """True if the customer had left, and has not any more."""
        with self._db:
            row = self._db.execute("DELETE FROM departures WHERE conversation = ?", (conversation,))
        return bool(row.rowcount)

    def has_left(self, conversation: str) -> bool:
        """True for a customer who wants to hear nothing more."""
        query = "SELECT 1 FROM departures WHERE conversation = ?"
        return self._db.execute(query, (conversation,)).fetchone() is not None

    def open_switch(self, switch: Switch) -> bool:
        """Keeps what a link from a call stands for; false if the call has one already."""
        row = (switch.token, switch.call, switch.caller, switch.topic, switch.at)
        with self._db:
            made = self._db.execute(
                "INSERT OR IGNORE INTO switches (token, call, caller, topic, at) VALUES (?, ?, ?, ?, ?)", row
            )
        return bool(made.rowcount)

    def close_switch(self, call: str) -> None:
        """Nobody got the link of this call."""
        with self._db:
            self._db.execute("DELETE FROM switches WHERE call = ? AND used_by = ''", (call,))

    def switch(self, token: str) -> Switch | None:
        query = "SELECT token, call, caller, topic, at, used_by FROM switches WHERE token = ?"
        row = self._db.execute(query, (token,)).fetchone()
        return Switch(*row) if row else None

    def use_switch(self, token: str, conversation: str) -> bool:
        """Takes a link for a conversation; false if another one has it."""
        with self._db:
            query = "UPDATE switches SET used_by = ? WHERE token = ? AND used_by IN ('', ?)"
            return bool(self._db.execute(query, (conversation, token, conversation)).rowcount)

    def keep_note(self, conversation: str, words: str) -> None:
        """What a channel must know about a conversation to go on with it."""
        with self._db:
            self._db.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (conversation, words))

    def note(self, conversation: str) -> str:
        row = self._db.execute("SELECT words FROM notes WHERE conversation = ?", (conversation,)).fetchone()
        return row[0] if row else ""

    def remember_name(self, conversation: str, name: str) -> None:
        with self._db:
            self._db.execute("INSERT OR REPLACE INTO names VALUES (?, ?)", (conversation, name))

    def name_of(self, conversation: str) -> str:
        row = self._db.execute("SELECT name FROM names WHERE conversation = ?", (conversation,)).fetchone()
        return row[0] if row else ""

    def open_ticket(self, ticket: str, conversation: str) -> None:
        with self._db:
            self._db.execute("INSERT OR REPLACE INTO tickets VALUES (?, ?, 1)", (ticket, conversation))

    def close_ticket(self, ticket: str) -> None:
        with self._db:
            self._db.execute("UPDATE tickets SET open = 0 WHERE id = ?", (ticket,))

    def is_open(self, ticket: str) -> bool:
        return self._db.execute("SELECT 1 FROM tickets WHERE id = ? AND open", (ticket,)).fetchone() is not None

    def open_tickets(self) -> list[tuple[str, str]]:
        return list(self._db.execute("SELECT id, conversation FROM tickets WHERE open"))

    def conversation_of(self, ticket: str) -> str | None:
        row = self._db.execute("SELECT conversation FROM tickets WHERE id = ?", (ticket,)).fetchone()
        return row[0] if row else None

    def keep_file(self, token: str, file: File, at: float) -> str:
        """Keeps a file under a token, or under the one that it has already; returns that one."""
        digest = sha256(file.content).hexdigest()
        with self._db:
            self._db.execute(
                "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (sha256, name, mime) DO UPDATE SET at = excluded.at",
                (token, digest, file.name, file.mime, file.content, at),
            )
        known = "SELECT token FROM files WHERE sha256 = ? AND name = ? AND mime = ?"
        return str(self._db.execute(known, (digest, file.name, file.mime)).fetchone()[0])

    def file(self, token: str) -> File | None:
        row = self._db.execute("SELECT name, mime, content FROM files WHERE token = ?", (token,)).fetchone()
        return File(*row) if row else None

    def forget_files(self, before: float) -> None:
        with self._db:
            self._db.execute("DELETE FROM files WHERE at < ?", (before,))

    def close(self) -> None:
        self._db.close()

    def _write(self, conversation: str, state: State, due: float | None) -> None:
        words = json.dumps(asdict(state))
        self._db.execute("INSERT OR REPLACE INTO conversations VALUES (?, ?)", (conversation, words))
        self._db.execute("DELETE FROM alarms WHERE conversation = ?", (conversation,))
        if due is not None:
            self._db.execute("INSERT INTO alarms VALUES (?, ?)", (conversation, due))

    def _forget_before(self, row: int) -> None:
        with self._db:
            self._db.execute("DELETE FROM inbox WHERE done = 1 AND rowid < ?", (row,))


def _key(event: Event) -> str:
    return f"{event.channel}:{event.id}"


def _event(fields: dict[str, Any]) -> Event:
    media, news = fields.pop("media"), fields.pop("news")
    if news:
        news = News(**{**news, "files": tuple(Link(**link) for link in news["files"])})
    return Event(**fields, media=Media(**media) if media else None, news=news)
