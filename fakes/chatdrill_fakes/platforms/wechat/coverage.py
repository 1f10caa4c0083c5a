"""How faithfully each call and event is emulated, and the test that shows it."""

from __future__ import annotations

from collections.abc import Iterable

from chatdrill.wire import Coverage
from chatdrill_fakes.platforms.wechat import contents, passive, routes

_FOLDER = "tests/wechat/test_"
_PROOFS = (
    ("message/custom/", "sending.py::test_every_type_of_message_is_sent_and_named"),
    ("message/template/", "sending.py::test_a_template_reaches_a_follower_whose_window_is_closed"),
    ("message/", "errors.py::test_what_is_not_emulated_says_so"),
    ("material/", "errors.py::test_what_is_not_emulated_says_so"),
    ("kf/", "errors.py::test_what_is_not_emulated_says_so"),
    ("media/", "media.py::test_a_file_of_the_bots_is_kept_for_three_days"),
    ("GET media", "media.py::test_a_picture_lies_at_its_address"),
    ("user/", "people.py::test_nobody_has_a_name"),
    ("tags/", "people.py::test_people_get_and_lose_a_tag"),
    ("menu/", "menus.py::test_a_menu_is_made_shown_and_taken_away"),
    ("get_current", "menus.py::test_a_menu_is_made_shown_and_taken_away"),
    ("qrcode/", "menus.py::test_a_code_brings_its_scene_to_who_follows_and_who_does_not"),
    ("showqrcode", "menus.py::test_a_code_brings_its_scene_to_who_follows_and_who_does_not"),
    ("token", "tokens.py::test_a_new_token_leaves_the_one_before_five_minutes"),
    ("stable_token", "tokens.py::test_a_stable_token_stays_the_same_until_its_last_five_minutes"),
    ("clear_quota", "tokens.py::test_quotas_are_counted_by_the_day_and_can_be_cleared"),
    ("passive", "passive.py::test_every_type_of_reply_is_shown"),
    ("event ", "tokens.py::test_a_scenario_can_end_tokens_and_order_errors"),
    ("", "kf.py::test_who_is_with_an_agent_is_not_pushed"),
)
_NOTES = {
    "media/get/jssdk": "the same bytes as media/get: no Speex is made",
    "get_current_selfmenu_info": "the menu as the bot made it; menus of the console are not kept",
    "showqrcode": "a white picture: nobody scans it",
    "kfaccount/inviteworker": "whoever is invited says yes at once",
    "msgrecord/getmsglist": "what was transferred; agents of WeChat's own tool say nothing here",
    "getcallbackip": "addresses of documentation: pushes come from this machine",
    "get_api_domain_ip": "addresses of documentation",
    "callback/check": "always well",
    "message/mass/send": "no message to many at once",
    "message/subscribe/bizsend": "no subscription notices",
    "material/add_material": "no lasting material",
    "kf/sync_msg": "WeCom's customer service is a product of its own",
    "kf/send_msg": "WeCom's customer service is a product of its own",
}
_MESSAGES = ("text", "image", "voice", "video", "shortvideo", "location", "link", "miniprogrampage")
_EVENT = "inbound.py::test_every_event_has_the_elements_of_the_reference"
_EVENTS = (
    "subscribe", "unsubscribe", "SCAN", "LOCATION", "CLICK", "VIEW", "view_miniprogram", "scancode_push", "scancode_waitmsg",
    "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select", "TEMPLATESENDJOBFINISH",
    "kf_create_session", "kf_close_session", "kf_switch_session",
)  # fmt: skip
_CONTROLS = ("api_error", "account_status", "token_expired", "token_replaced")


def _proof(name: str) -> str:
    return _FOLDER + next(test for begin, test in _PROOFS if name.startswith(begin))


def _calls() -> Iterable[Coverage]:
    for name, route in routes.ROUTES.items():
        if route.support == "unknown" or name in ("message/custom/send", "message/custom/typing", "media/upload"):
            continue
        yield Coverage(name, route.support, _proof(name), _NOTES.get(name, ""))
    for kind in contents.TYPES:
        note = contents.PARTIAL.get(kind, "")
        yield Coverage(
            f"message/custom/send {kind}", "partial" if note else "supported", _proof("message/custom/"), note
        )
    for command in ("Typing", "CancelTyping"):
        yield Coverage(
            f"message/custom/typing {command}",
            "supported",
            _FOLDER + "sending.py::test_typing_is_shown_for_fifteen_seconds",
        )
    for kind in ("image", "voice", "video", "thumb"):
        yield Coverage(f"media/upload {kind}", "supported", _proof("media/"))
    yield Coverage("GET media", "supported", _proof("GET media"))
    for kind in passive.KINDS:
        yield Coverage(f"passive {kind}", "supported", _proof("passive"))


def _told() -> Iterable[Coverage]:
    for kind in _MESSAGES:
        note = "the file is as the customer sent it: WeChat makes AMR of it" if kind == "voice" else ""
        yield Coverage(
            f"push {kind}",
            "partial" if note else "supported",
            _FOLDER + "inbound.py::test_a_push_is_its_golden_document",
            note,
        )
    for name in _EVENTS:
        yield Coverage(f"push {name}", "supported", _FOLDER + _EVENT)
    for name in _CONTROLS:
        yield Coverage(f"event {name}", "supported", _proof("event "))


COVERAGE: tuple[Coverage, ...] = (*_calls(), *_told())
