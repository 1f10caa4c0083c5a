"""All kinds of faults, by name."""

from __future__ import annotations

from chatdrill.serve.faults.base import FaultKind
from chatdrill.serve.faults.calls import ApiDown, ApiError, ApiReset, LostAnswer, MediaCut, MediaGone, SlowApi
from chatdrill.serve.faults.deliveries import (
    Batch,
    ConcurrentDuplicate,
    Delay,
    DeskLag,
    Duplicate,
    EarlyEdit,
    LateReceipt,
    Lost,
    LostAck,
    LostReceipt,
    NewId,
    Reorder,
    ReorderedReceipt,
    Skew,
    Unreached,
)
from chatdrill.serve.faults.restarting import Restart

KINDS: dict[str, FaultKind] = {
    kind.name: kind
    for kind in (
        Duplicate(),
        ConcurrentDuplicate(),
        NewId(),
        Delay(),
        Reorder(),
        EarlyEdit(),
        LostAck(),
        Unreached(),
        Lost(),
        Batch(),
        Skew(),
        LateReceipt(),
        LostReceipt(),
        ReorderedReceipt(),
        ApiError(),
        SlowApi(),
        ApiReset(),
        ApiDown(),
        LostAnswer(),
        MediaGone(),
        MediaCut(),
        DeskLag(),
        Restart(),
    )
}
