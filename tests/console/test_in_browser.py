"""The console in a real browser: what a person does on the phones, at the desk and on the wire happens, and nothing else does."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from chatdrill.run.selection import samples
from console.browser import BROWSER, Browser
from console.served import Served

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium on this machine")
PLATFORMS = ("telegram", "whatsapp", "messenger", "viber")
HOSTILE = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"
MENU = {
    "telegram": ".panel .key, .keys .key",
    "whatsapp": ".key.list",
    "messenger": ".chips .key",
    "viber": ".panel .key",
}

SHOES = range(1, 4)
CARDS = {
    "messenger": (
        "/messenger/v25.0/me/messages",
        {
            "recipient": {"id": "{to}"},
            "messaging_type": "RESPONSE",
            "message": {
                "attachment": {
                    "type": "template",
                    "payload": {
                        "template_type": "generic",
                        "elements": [
                            {
                                "title": f"Shoe {number}",
                                "subtitle": "In your size",
                                "buttons": [
                                    {"type": "postback", "title": f"Take {number}", "payload": f"shoe:{number}"}
                                ],
                            }
                            for number in SHOES
                        ],
                    },
                }
            },
        },
    ),
    "line": (
        "/line/v2/bot/message/push",
        {
            "to": "{to}",
            "messages": [
                {
                    "type": "template",
                    "altText": "Three shoes",
                    "template": {
                        "type": "carousel",
                        "columns": [
                            {
                                "title": f"Shoe {number}",
                                "text": "In your size",
                                "actions": [{"type": "postback", "label": f"Take {number}", "data": f"shoe:{number}"}],
                            }
                            for number in SHOES
                        ],
                    },
                }
            ],
        },
    ),
}
TOKENS = {"messenger": "MESSENGER_PAGE_TOKEN", "line": "LINE_CHANNEL_ACCESS_TOKEN"}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module")
def page(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser(tmp_path_factory.mktemp("browser"))
    browser.look(1280, 800)
    browser.go(served.address)
    browser.until("!!document.querySelector('.app')")
    yield browser
    browser.close()


def add(page: Browser, name: str, platform: str) -> str:
    """Add a customer by the dialog; gives what leads to the phone."""
    before = page.run("document.querySelectorAll('.phone').length")
    page.click(".bar nav button", text="Customer")
    page.until("!!document.querySelector('dialog[open] input')")
    page.write("dialog[open] input", name)
    page.click(f"[data-platform={platform}]")
    page.until(f"document.querySelectorAll('.phone').length > {before} && !document.querySelector('dialog')")
    return (
        f"section[data-conv={page.run('JSON.stringify([...document.querySelectorAll(`.phone`)].at(-1).dataset.conv)')}]"
    )


def heard(page: Browser, phone: str) -> int:
    return int(page.run(f"document.querySelectorAll(`{phone} .row.theirs[data-id]`).length"))


def say(page: Browser, phone: str, text: str) -> None:
    """Write, and wait until the bot has answered."""
    before = heard(page, phone)
    page.write(f"{phone} textarea", text, key="Enter")
    page.until(f"document.querySelectorAll(`{phone} .row.theirs[data-id]`).length > {before}")


def texts(page: Browser, found: str) -> list[str]:
    return list(page.run(f"[...document.querySelectorAll(`{found}`)].map(one => one.textContent)"))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_customer_writes_and_the_bot_answers_on_a_phone_of_its_kind(page, platform, pictures):
    phone = add(page, "Nora", platform)
    say(page, phone, "Hi")
    page.until(f"!!document.querySelector(`{phone} :is({MENU[platform]})`)")
    page.until(f"!!document.querySelector(`{phone} .mine .tick:is(.delivered, .read)`)")
    page.photograph(pictures / f"{platform}.png")


def test_a_button_that_is_tapped_twice_reaches_the_bot_twice(page, served):
    phone = add(page, "Tess", "messenger")
    say(page, phone, "Hi")
    page.click(f"{phone} .chips .key", text="Order status", times=2)
    page.until(f"document.querySelectorAll(`{phone} .mine`).length === 3")
    presses = [record for record in served.records("acted") if record["act"]["act"] == "press"]
    assert len(presses) == 2 and presses[0]["conv"] == presses[1]["conv"] == "by hand/tess"


def test_files_are_attached_from_the_samples_and_from_the_machine(page):
    phone = add(page, "Felix", "telegram")
    page.click(f"{phone} .plus")
    page.click(f"{phone} .samples button", text="voice-en.ogg")
    page.until(f"document.querySelectorAll(`{phone} .attached li`).length === 1")
    page.click(f"{phone} .send")
    page.until(f"!!document.querySelector(`{phone} .mine .voice audio`)")
    page.until(f"!!document.querySelector(`{phone} .theirs[data-id]`)")
    page.click(f"{phone} .plus")
    page.choose(f"{phone} input[type=file]", samples()["shoe-torn.jpg"])
    page.until(f"document.querySelectorAll(`{phone} .attached li`).length === 1")
    say(page, phone, "It is torn")
    page.until(f"document.querySelector(`{phone} .mine .thumb img`)?.naturalWidth === 1280")


def test_a_file_is_dropped_on_a_phone_and_a_picture_is_pasted(page):
    phone = add(page, "Dana", "telegram")
    page.drop(f"{phone} .wall", samples()["shoe-torn.jpg"], samples()["voice-en.ogg"])
    page.until(f"document.querySelectorAll(`{phone} .attached li`).length === 2")
    assert [one.split("\n")[0] for one in texts(page, f"{phone} .attached b")] == ["shoe-torn.jpg", "voice-en.ogg"]
    page.paste(f"{phone} textarea", samples()["shoe-side.jpg"], "image/jpeg")
    page.until(f"document.querySelectorAll(`{phone} .attached li img`).length === 2")
    assert page.run(f"document.activeElement === document.querySelector(`{phone} textarea`)")
    say(page, phone, "All of it")
    page.until(f"document.querySelectorAll(`{phone} .mine .thumb img`).length === 2")
    assert page.run(f"!!document.querySelector(`{phone} .mine .voice audio`)")


def test_a_message_is_edited_and_a_burst_is_several_messages(page):
    phone = add(page, "Edgar", "telegram")
    say(page, phone, "Where is my oder 553?")
    page.click(f"{phone} .mine .more")
    page.click(f"{phone} .menu button", text="Edit")
    page.write(f"{phone} textarea", "Where is my order 553?", key="Enter")
    page.until(f"document.querySelector(`{phone} .mine footer`).textContent.includes('edited')")
    page.click(f"{phone} .burst")
    page.write(f"{phone} textarea", "one\ntwo\nthree", key="Enter")
    page.until(f"document.querySelectorAll(`{phone} .mine[data-id]`).length === 4")


def test_hostile_names_and_words_stay_words(page, served):
    phone = add(page, f"Mallory {HOSTILE}", "telegram")
    say(page, phone, HOSTILE)
    assert texts(page, f"{phone} .mine .words") == [HOSTILE]
    assert page.run("document.title") == "chatdrill console"
    assert not page.run("!!document.querySelector('img[src=x]')")


def test_a_day_is_jumped(page, served):
    before = served.do("GET", "time")["now"]
    page.click("[data-jump='86400']")
    page.until("[...document.querySelectorAll('.toasts p')].some(one => one.textContent.startsWith('It is'))")
    assert served.do("GET", "time")["now"] - before >= 86_400


def test_a_customer_comes_by_a_link_answers_a_message_reacts_deletes_and_blocks(page, served):
    phone = add(page, "Lena", "whatsapp")
    say(page, phone, "Hi")
    page.click(f"{phone} .plus")
    page.write(f"{phone} .extras form:last-of-type input", "ord_553")
    page.click(f"{phone} .extras form:last-of-type button")
    page.until(f"document.querySelector(`{phone} .wall`).textContent.includes('by a link with “ord_553”')")
    page.click(f"{phone} .theirs .more")
    page.click(f"{phone} .emoji button", text="👍")
    page.until(f"document.querySelector(`{phone} .reactions`)?.textContent === '👍'")
    page.click(f"{phone} .theirs .more")
    page.click(f"{phone} .menu button", text="Reply")
    say(page, phone, "This one")
    page.until(f"!!document.querySelector(`{phone} .mine blockquote`)")
    page.click(f"{phone} .mine .more")
    page.click(f"{phone} .menu button", text="Delete")
    page.until(f"!!document.querySelector(`{phone} .mine .gone`)")
    page.click(f"{phone} .block")
    page.until(f"document.querySelector(`{phone} .head small`).textContent.includes('bot blocked')")
    done = [record["act"]["act"] for record in served.records("acted") if record.get("conv") == "by hand/lena"]
    assert [name for name in done if name != "receipt"] == ["write", "start", "react", "write", "delete", "block"]


def test_a_webhook_is_shown_byte_by_byte_and_sent_twice_with_the_same_id(page, served, pictures):
    phone = add(page, "Rita", "whatsapp")
    say(page, phone, "Hi")
    page.click(".kinds button", text="Webhooks")
    page.write(".wire input[type=search]", "rita write")
    page.click(".wirerow.webhook .summary")
    page.until("!!document.querySelector('.exchange .headers .signed')")
    page.click(".exchange .tools button", text="Raw")
    body = page.run("document.querySelector('.exchange pre').textContent")
    page.photograph(pictures / "wire.png")
    page.click(".exchange .twice")
    page.until("document.querySelectorAll('.wirerow.webhook').length === 3")
    sent = [record for record in served.records("attempt") if record["body"] == body]
    assert len(sent) == 3 and len({tuple(record["updates"]) for record in sent}) == 1
    assert [record.get("note") for record in sent] == [None, "sent again by hand", "sent again by hand"]
    page.write(".wire input[type=search]", "webhook")


def test_a_fault_is_chosen_and_strikes(page, served):
    page.click(".bar nav button", text="Faults")
    page.click("[data-fault=webhook-duplicate]")
    page.until("document.querySelectorAll('dialog .waiting li').length === 1")
    page.click("dialog header button")
    phone = add(page, "Dora", "viber")
    say(page, phone, "Hi")
    assert any(record["fault"] == "duplicate" for record in served.records("injected"))


def test_an_agent_takes_over_at_the_desk(page, pictures):
    phone = add(page, "Hugo", "telegram")
    say(page, phone, "I want to talk to a person")
    page.click("[data-tab=desk]")
    page.until("!!document.querySelector('.desk .owner.queue')")
    page.click(".acts button", text="Accept")
    page.until("!!document.querySelector('.ticket .owner.agent')")
    page.write(".answer textarea", "Hello, Bob here.", key="Enter")
    page.until(f"[...document.querySelectorAll(`{phone} .theirs .words`)].at(-1).textContent.includes('Bob here')")
    page.photograph(pictures / "desk.png")
    page.click(".acts button", text="Close")
    page.until("!document.querySelector('.ticket .owner.agent')")


def test_a_colleague_has_the_conversation_after_a_transfer(page, served):
    phone = add(page, "Iris", "telegram")
    say(page, phone, "I want to talk to a person")
    page.click("[data-tab=desk]")
    page.click(".queue button", text="iris")
    page.click(".acts button", text="Accept")
    page.until("!!document.querySelector('.ticket .owner.agent')")
    assert page.run("document.querySelector('.transfer button').disabled")
    page.pick(".transfer select", "alice")
    page.click(".transfer button")
    page.until("document.querySelector('.ticket header small').textContent.includes('alice')")
    filed = [record["event"] for record in served.records("filed") if record["conv"] == "by hand/iris"]
    assert [event["agent"] for event in filed if event["event"] == "assigned"] == ["bob", "alice"]
    page.click("[data-tab=wire]")


def shown_cards(page: Browser, served: Served, phone: str, platform: str) -> None:
    """Three cards, as a bot sends them to the customer of a phone."""
    chats = served.do("GET", "state")["channels"][platform]["chats"]
    to = next(chat["to"] for chat in chats if chat["conv"] in phone)
    path, body = CARDS[platform]
    token = served.do("GET", "env")[TOKENS[platform]]
    filled = json.loads(json.dumps(body).replace("{to}", to))
    status, told, _ = served.ask("POST", path, filled, Content_Type="application/json", Authorization=f"Bearer {token}")
    assert status == 200, told
    page.until(f"document.querySelectorAll(`{phone} .card`).length === 3")


@pytest.mark.parametrize("platform", CARDS)
def test_cards_are_turned_over_and_a_button_on_the_last_is_pressed(page, served, platform, pictures):
    phone = add(page, f"Carl{platform}", platform)
    say(page, phone, "Hi")
    shown_cards(page, served, phone, platform)
    assert page.run(
        f"(({{scrollWidth, clientWidth}}) => scrollWidth > clientWidth)(document.querySelector(`{phone} .cards`))"
    )
    last = f"{phone} .card:last-child .key"
    out = f"document.querySelector(`{last}`).getBoundingClientRect().left > document.querySelector(`{phone}`).getBoundingClientRect().right"
    assert page.run(out)
    page.wheel(f"{phone} .cards", 600)
    page.until(
        f"(({{scrollLeft, scrollWidth, clientWidth}}) => scrollLeft > scrollWidth - clientWidth - 2)(document.querySelector(`{phone} .cards`))"
    )
    page.photograph(pictures / f"cards-{platform}.png")
    before = heard(page, phone)
    page.tap(last)
    page.until(f"document.querySelectorAll(`{phone} .row.theirs[data-id]`).length > {before}")
    (press,) = [one for one in served.records("acted") if one["act"]["act"] == "press" and one["conv"] in phone]
    assert (press["act"]["button"]["title"], press["act"]["button"]["payload"]) == ("Take 3", "shoe:3")


def test_what_was_done_is_saved_as_a_scenario_that_plays(page, served, pictures):
    phone = add(page, "Sam", "telegram")
    page.drop(f"{phone} .wall", samples()["shoe-torn.jpg"])
    page.until(f"document.querySelectorAll(`{phone} .attached li`).length === 1")
    say(page, phone, "It is torn")
    page.press("Escape")
    page.click(".bar nav button", text="Save")
    page.until("!!document.querySelector('dialog .yaml')")
    page.run(
        "document.querySelectorAll('dialog .filters input:checked').forEach(one => one.parentElement.textContent.includes('Sam') || one.click())"
    )
    page.write("dialog .inside > label input", "Torn shoe, by hand")
    page.until("document.querySelector('dialog .yaml').textContent.startsWith('name: Torn shoe, by hand')")
    page.photograph(pictures / "save.png")
    page.click("dialog .write")
    page.until("!!document.querySelector('dialog .written')")
    page.click("dialog header button")
    file = served.folder / "drills" / "torn-shoe-by-hand.drill.yaml"
    assert (file.parent / "media" / "shoe-torn.jpg").read_bytes() == samples()["shoe-torn.jpg"].read_bytes()
    words = ["run", str(file), "--app", "chatdrill_scenarios.shoebot:app", "--clock", "virtual"]
    played = subprocess.run(
        [sys.executable, "-m", "chatdrill", *words], cwd=served.folder, capture_output=True, text=True, check=False
    )
    assert played.returncode == 0, file.read_text("utf-8") + played.stdout + played.stderr


def test_the_colours_follow_the_system_and_the_switch(page, pictures):
    page.look(1920, 1080, dark=True)
    page.until("document.documentElement.dataset.theme === 'dark'")
    page.photograph(pictures / "dark.png")
    page.click("button[aria-label='Colours: system']")
    page.click("button[aria-label='Colours: dark']")
    page.until("document.documentElement.dataset.theme === 'light'")
    page.click("button[aria-label='Colours: light']")


def test_it_fits_a_narrow_window(page, pictures):
    page.look(390, 844)
    for name in ("wire", "desk", "phones"):
        page.click(f"[data-tab={name}]")
        assert page.run("document.documentElement.scrollWidth") <= 390
        page.photograph(pictures / f"narrow-{name}.png")
    page.look(1280, 800)


def test_all_is_there_again_after_the_page_was_loaded_anew(page):
    before = texts(page, ".phone .words")
    page.reload()
    page.until(f"document.querySelectorAll('.phone .words').length === {len(before)}")
    assert sorted(texts(page, ".phone .words")) == sorted(before)


def test_every_key_of_the_help_is_listed_and_a_digit_leads_to_its_phone(page):
    page.run("document.activeElement.blur()")
    page.press("?")
    page.until("document.querySelectorAll('dialog kbd').length > 8")
    page.press("Escape")
    page.until("!document.querySelector('dialog')")
    page.press("2")
    page.until("document.activeElement.closest('.phone') === document.querySelectorAll('.phone')[1]")


def test_nothing_is_asked_of_anybody_else_and_nothing_went_wrong_in_the_page(page, served):
    own = urlsplit(served.address).netloc
    asked = {
        urlsplit(address).netloc for address in page.requests if not address.startswith(("data:", "blob:", "about:"))
    }
    assert asked == {own}
    assert [line for line in page.said if "404" not in line] == []
