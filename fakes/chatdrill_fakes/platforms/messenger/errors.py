"""The Send API's errors, in Meta's words where those are known.

Texts with ``name_placeholder`` and the subcodes of template errors come from recorded answers of the live API (public
test suites of Messenger SDKs, 2017-2026); the table in the documentation gives codes and gists only.
"""

from __future__ import annotations

from chatdrill_fakes.families.graph import errors
from chatdrill_fakes.families.graph.errors import Known, invalid
from chatdrill_fakes.families.meta import GraphError

PROFILE_SUBCODES = (2018218, 2018247)
"""What goes wrong when a profile is read, not when a message is sent."""


def no_such_user() -> GraphError:
    """Nobody at this Page has this id."""
    return invalid("No matching user found", 2018001)


def outside_window() -> GraphError:
    """The customer's last act is too long ago."""
    return GraphError(10, "(#10) This message is sent outside of allowed window.", 2018278, status=403)


def other_app_controls() -> GraphError:
    """Another app owns the thread."""
    return GraphError(
        10,
        "(#10) Message failed to send because another app is controlling this thread now.",
        2018300,
        status=403,
    )


def thread_refused(text: str, subcode: int) -> GraphError:
    """A call of the thread control API that its state does not allow."""
    return GraphError(10, f"(#10) {text}", subcode, status=403)


def unavailable() -> GraphError:
    """The customer blocked the Page, or the Page the customer."""
    return GraphError(551, "(#551) This person isn't available right now.", 1545041)


def not_a_tester() -> GraphError:
    """The app is in development mode and the customer has no role in it."""
    return GraphError(200, KNOWN[200, 2018028], 2018028, status=403)


def restricted() -> GraphError:
    """The Page may not send, because of a policy."""
    return GraphError(10, "(#10) This Page is temporarily restricted from sending messages.", 1893063, status=403)


def rate_limited() -> GraphError:
    """Too many calls in a while."""
    return GraphError(613, "(#613) Calls to this API have exceeded the rate limit.")


def page_limited() -> GraphError:
    """The Page's calls of the day are used up."""
    return GraphError(80006, "(#80006) There have been too many calls to this Page account. Wait a bit and try again.")


def no_such_comment() -> GraphError:
    """Nothing on a post of this Page has this id."""
    return invalid("Invalid comment_id or post_id: there is no such comment on a post of this Page")


def comment_answered() -> GraphError:
    """A comment is answered in private once."""
    return GraphError(10900, "(#10900) Activity already replied to")


def comment_too_old() -> GraphError:
    """A comment is answered in private within 7 days."""
    return GraphError(10903, "(#10903) This user can't reply to this activity")


KNOWN: Known = {
    **errors.KNOWN,
    (1, 99): "An unknown error occurred",
    (4, 2018022): "(#4) Too many messages to phone numbers",
    (4, 2018354): "(#4) This marketing message is sent too early",
    (9, 2018352): "(#9) Too many marketing messages",
    (10, 2018065): "(#10) This message is sent outside of allowed window.",
    (
        10,
        2018108,
    ): "(#10) This Person Cannot Receive Messages: This person isn't receiving messages from you right now.",
    (10, 2018278): "(#10) This message is sent outside of allowed window.",
    (10, 2018300): "(#10) Message failed to send because another app is controlling this thread now.",
    (10, 1893063): "(#10) This Page is temporarily restricted from sending messages.",
    (100, 2018001): "(#100) No matching user found",
    (100, 2018074): "(#100) Invalid attachment ID or you do not own the attachment",
    (100, 2018218): "(#100) No profile available for this user",
    (100, 2018247): "(#100) Insufficient permission to access user profile",
    (200, 2018021): "(#200) Requires pages_messaging_phone_number permission to manage the object",
    (200, 2018028): "(#200) Cannot message users who are not admins, developers or testers of the app until "
    "pages_messaging permission is reviewed and the app is live.",
    (200, 1545041): "(#200) Message Not Sent: This person isn't receiving messages from you right now.",
    (613, None): "(#613) Calls to this API have exceeded the rate limit.",
    (613, 1893016): "(#613) Calls to this API have exceeded the rate limit.",
    (613, 2018338): "(#613) Calls to this API have exceeded the rate limit.",
    (1200, None): "(#1200) Temporary send message failure. Please try again later.",
    (80006, None): "(#80006) There have been too many calls to this Page account. Wait a bit and try again.",
}
