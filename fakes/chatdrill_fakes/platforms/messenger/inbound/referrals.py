"""Where a customer came from, in Messenger's words."""

from __future__ import annotations

from chatdrill_fakes.families.graph.referrals import Entrances

ENTRANCES = Entrances("Messenger", "m.me", {"link": "SHORTLINK", "ad": "ADS", "plugin": "CUSTOMER_CHAT_PLUGIN"})
