"""Instagram's errors, in Meta's words where those are known.

Sources: the error tables of the Send API and of Instagram messaging (developers.facebook.com, edition of June 2026). HTTP statuses
are not documented: 401 goes with 190, 403 with 10 and 200, as published fakes have it. Code 230 of a profile that was not
consented to is Chatwoot's (pull request 11484); which code a refused HUMAN_AGENT has is not known.
"""

from __future__ import annotations

from dataclasses import replace

from chatdrill_fakes.families.graph import errors
from chatdrill_fakes.families.graph.errors import Known, invalid
from chatdrill_fakes.families.meta import GraphError

CONSENT = 230
PROFILE_SUBCODES = ()
"""What goes wrong when a profile is read has a code of its own, and no subcodes."""
_WINDOW = "(#10) This message is sent outside of allowed window."
_NO_ACCESS = "(#200) The owner of the Instagram account has disabled access to Direct Messages"
_BLOCKED = "(#100) The user has blocked the business, or cannot be messaged"
_COMMENT = "(#100) The comment is invalid for a private reply"
_RATE = "(#613) Calls to this API have exceeded the rate limit."
_BUDGET = "(#80002) There have been too many calls to this Instagram account. Wait a bit and try again."
_NOT_OWNER = "(#100) The app is not the owner of this thread."


def no_such_user() -> GraphError:
    """Nobody who talks to this account has this id."""
    return GraphError(100, "No matching Instagram user", 2534014)


def bad_message(error: GraphError) -> GraphError:
    """Whatever is wrong in a template or an attachment, it is the message's data."""
    return error if error.subcode is not None else replace(error, subcode=2534015)


def not_a_message(text: str) -> GraphError:
    """A message that cannot be shown."""
    return invalid(text, 2534015)


def outside_window() -> GraphError:
    """The customer's last act is too long ago."""
    return GraphError(10, _WINDOW, 2534022, status=403)


def human_agent_refused() -> GraphError:
    """The app has not been approved for the tag."""
    return GraphError(10, KNOWN[10, 2534077], 2534077, status=403)


def other_app_controls() -> GraphError:
    """Another app owns the thread."""
    return GraphError(100, _NOT_OWNER, 2534037)


def thread_refused(text: str, subcode: int) -> GraphError:  # noqa: ARG001 (one subcode for all of them)
    """A call of the thread control API that its state does not allow."""
    return GraphError(100, f"(#100) {text}", 2534037)


def unavailable() -> GraphError:
    """The customer blocked the business."""
    return GraphError(100, _BLOCKED, 2534029)


def not_a_tester() -> GraphError:
    """The app is in development mode and the customer has no role in it."""
    return GraphError(200, "(#200) The app is in development mode and this person has no role in it.", status=403)


def restricted() -> GraphError:
    """The owner of the account has switched off access to messages."""
    return GraphError(200, _NO_ACCESS, 2534041, status=403)


def rate_limited() -> GraphError:
    """Too many calls in a while."""
    return GraphError(613, _RATE, 2534040)


def page_limited() -> GraphError:
    """The account's calls of the day are used up."""
    return GraphError(80002, _BUDGET)


def no_such_comment() -> GraphError:
    """Nothing on a post of this account has this id."""
    return GraphError(100, _COMMENT, 2534025)


def comment_answered() -> GraphError:
    """A comment is answered in private once."""
    return GraphError(100, _COMMENT, 2534025)


def comment_too_old() -> GraphError:
    """A comment is answered in private within 7 days."""
    return GraphError(100, _COMMENT, 2534025)


def no_consent() -> GraphError:
    """A profile can be read once its owner has written or tapped; a comment is not enough."""
    return GraphError(CONSENT, "(#230) User consent is required to access user profile")


KNOWN: Known = {
    **errors.KNOWN,
    (10, 2534022): _WINDOW,
    (10, 2534077): "(#10) The app is not approved for the feature Human Agent.",
    (17, None): "(#17) User request limit reached",
    (32, None): "(#32) Page request limit reached",
    (100, 2534013): "(#100) The Page is not linked to an Instagram account",
    (100, 2534014): "No matching Instagram user",
    (100, 2534015): "(#100) Invalid message data",
    (100, 2534025): _COMMENT,
    (100, 2534029): _BLOCKED,
    (100, 2534037): _NOT_OWNER,
    (200, 2534041): _NO_ACCESS,
    (613, None): _RATE,
    (613, 2534040): _RATE,
    (80002, None): _BUDGET,
}
