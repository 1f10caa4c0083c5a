"""Profiles, conversations, ice breakers."""

from __future__ import annotations

from chatdrill.model import Block, Button, Delete, Event, Other, Press, React, Text, Write
from instagram.kit import OWN, Account

GET = "GET"


def test_a_profile_needs_consent(account: Account) -> None:
    path = f"/v25.0/{account.to}"
    account.updates(Event(name="comments"))
    assert account.call(GET, path).code == (230, None)
    account.updates(Press(button=Button(title="Hours?", kind="postback", payload="H")))
    profile = account.call(GET, path).json
    assert (profile["name"], profile["username"], profile["id"]) == ("Anna Huber", "anna.h", account.to)
    assert isinstance(profile["follower_count"], int) and profile["is_user_follow_business"] is True
    account.updates(Block())
    assert account.call(GET, path).code == (100, 33)


def test_a_reaction_opens_the_window_and_is_no_consent(account: Account) -> None:
    (entry,) = account.entries(Event(name="comments"))
    body = {"recipient": {"comment_id": entry["changes"][0]["value"]["id"]}, "message": {"text": "Hi"}}
    mid = account.call("POST", "/v25.0/me/messages", body).json["message_id"]
    account.updates(React(message_id=mid, emoji="👍"))
    assert account.send({"text": "more"}).status == 200
    assert account.call(GET, f"/v25.0/{account.to}").code == (230, None)


def test_threads_and_messages_are_nodes(talk: Account) -> None:
    mid = talk.send({"text": "hi"}).json["message_id"]
    (thread,) = talk.call(GET, "/v25.0/me/conversations", platform="instagram", user_id=talk.to).json["data"]
    inner = talk.call(GET, f"/v25.0/{thread['id']}", fields="messages{id,message,from}").json["messages"]["data"]
    read = talk.call(GET, f"/v25.0/{mid}", fields="id,created_time,from,to,message").json
    assert [one["message"] for one in inner] == ["hi", "hello"] and inner[1]["from"]["username"] == "anna.h"
    assert (read["from"], read["to"]["data"][0]["id"]) == ({"username": "acme.shop", "id": OWN}, talk.to)


def test_what_was_unsent_is_gone(talk: Account) -> None:
    mid = talk.says("secret")
    talk.updates(Delete(message_id=mid))
    assert talk.call(GET, f"/v25.0/{mid}").code == (9000001, None)
    listed = talk.call(GET, f"/v25.0/{talk.chat.thread_id}/messages", fields="message").json["data"]
    assert [one["message"] for one in listed] == ["hello"]


def test_stories_shares_and_reactions_are_shown_in_their_own_fields(talk: Account) -> None:
    sent = [Write(parts=(Other(kind=kind),)) for kind in ("story_mention", "ig_post", "story_reply", "unsupported")]
    mids = [talk.event(act)["message"]["mid"] for act in sent]
    talk.updates(React(message_id=mids[0], emoji="👍"))
    fields = "story,shares,reactions,is_unsupported"
    mention, post, reply, other = (talk.call(GET, f"/v25.0/{mid}", fields=fields).json for mid in mids)
    assert "link" in mention["story"]["mention"] and mention["reactions"]["data"][0]["reaction"] == "👍"
    assert "link" in post["shares"]["data"][0] and "reply_to" in reply["story"] and other["is_unsupported"] is True


def test_without_a_platform_a_page_lists_its_other_inbox() -> None:
    account = Account(login="page")
    account.says()
    assert account.call(GET, "/v25.0/me/conversations").json == {"data": []}
    assert len(account.call(GET, "/v25.0/me/conversations", platform="instagram").json["data"]) == 1


def test_ice_breakers_are_set_read_and_deleted(talk: Account) -> None:
    path = "/v25.0/me/messenger_profile"
    groups = [{"call_to_actions": [{"question": "Hours?", "payload": "HOURS"}], "locale": "default"}]
    menu = [{"locale": "default", "call_to_actions": [{"type": "postback", "title": "Book", "payload": "BOOK"}]}]
    body = {"platform": "instagram", "ice_breakers": groups, "persistent_menu": menu}
    assert talk.call("POST", path, body).json == {"result": "success"}
    assert talk.call(GET, path, platform="instagram").json == {
        "data": [{"ice_breakers": groups, "persistent_menu": menu}]
    }
    press = Press(button=Button(title="Hours?", kind="postback"))
    assert talk.event(press)["postback"]["payload"] == "HOURS"
    talk.call("DELETE", path, {"platform": "instagram", "fields": ["ice_breakers", "persistent_menu"]})
    assert talk.call(GET, path, platform="instagram").json == {"data": []}


def test_a_page_must_say_that_instagrams_profile_is_meant() -> None:
    body = {"ice_breakers": [{"question": "a", "payload": "A"}]}
    assert Account(login="page").call("POST", "/v25.0/me/messenger_profile", body).code == (100, None)
    assert Account().call("POST", "/v25.0/me/messenger_profile", body).json == {"result": "success"}


def test_words_are_said_twice_in_two_threads_only(talk: Account) -> None:
    assert talk.event(Write(parts=(Text(text="a"),)))["message"]["mid"] != talk.says("a")
