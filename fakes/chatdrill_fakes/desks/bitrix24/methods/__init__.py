"""The REST methods of Bitrix24 by name, as the documentation writes them."""

from __future__ import annotations

from chatdrill_fakes.desks.bitrix24.calls import Method
from chatdrill_fakes.desks.bitrix24.methods import (
    bots,
    configs,
    connectors,
    crm,
    dialogs,
    events,
    oldbots,
    portal,
    reading,
)

METHODS: dict[str, Method] = {
    **connectors.METHODS,
    **dialogs.METHODS,
    **reading.METHODS,
    **configs.METHODS,
    **bots.METHODS,
    **oldbots.METHODS,
    **crm.METHODS,
    **events.METHODS,
    **portal.METHODS,
}
