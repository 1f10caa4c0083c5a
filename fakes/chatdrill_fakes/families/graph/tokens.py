"""What tokens are worth."""

from __future__ import annotations

from . import reading
from .call import Answered
from .recipients import Asked
from .state import Json


def debug_token(asked: Asked, own: Json) -> Answered:
    """``GET /debug_token?input_token=``; ``own`` is what is told of the business's own token beside the app."""
    token = reading.text(asked.values.get("input_token"), "input_token")
    state = asked.state
    if token == state.page_token:
        data: Json = {"app_id": state.app_id, **own}
    elif token == state.app_token:
        data = {"app_id": state.app_id, "type": "APP", "is_valid": True, "scopes": []}
    else:
        problem = {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
        data = {"error": problem, "is_valid": False, "scopes": []}
    return Answered({"data": data})
