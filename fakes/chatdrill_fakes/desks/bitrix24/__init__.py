"""Bitrix24: open lines, custom connectors, chat bots and CRM."""

from chatdrill_fakes.desks.bitrix24.state import Bitrix24State
from chatdrill_fakes.desks.bitrix24.wire import Bitrix24, desk

__all__ = ["Bitrix24", "Bitrix24State", "desk"]
