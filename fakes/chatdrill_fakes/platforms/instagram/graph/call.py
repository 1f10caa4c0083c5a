"""A call of the bot to the account while it is being answered."""

from __future__ import annotations

from chatdrill_fakes.families.graph import call

from ..state import InstagramState

Asked = call.Asked[InstagramState]
