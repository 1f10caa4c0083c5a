"""What the rules of the handover recognise: languages, notices, the messages that carry one another."""

from __future__ import annotations

import pytest

from chatdrill.checks.handoff.dialogs import all_dialogs, dialogs
from chatdrill.checks.handoff.languages import is_foreign, language_of
from chatdrill.checks.handoff.matching import normal, squeezed
from checks.handoff.traces import Told


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Order 553 is on its way and arrives on Friday."),
        ("pl", "Łączę z konsultantem, proszę czekać."),
        ("ru", "Зову коллегу. Вам ответят здесь."),
        ("uk", "Зачекайте, будь ласка, зараз прийде колега, він вам допоможе."),
        ("de", "Bitte warten Sie, ein Kollege kommt gleich zu Ihnen."),
        ("es", "Un momento, por favor, le paso con un agente."),
        (None, "ok"),
        (None, "Do widzenia"),
        (None, "553"),
    ],
)
def test_a_language_is_named_where_it_is_sure(language, text):
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text", ["Yhdistän sinut asiakaspalvelijaan, odota hetki", "お待ちください", "请稍候，正在为您转接"]
)
def test_sentences_of_other_languages_are_foreign(text):
    assert is_foreign(text)


@pytest.mark.parametrize(
    "text", ["Hello!", "You said: Hello Bob", "Соединяю с оператором", "Proszę czekać", "👍", "553"]
)
def test_short_and_known_words_are_not_foreign(text):
    assert not is_foreign(text)


def test_markup_and_white_space_make_no_difference():
    assert normal("<b>Tom</b> &amp;  *Ann*<br>here") == "tom & ann here"
    assert squeezed('> "Tom" & _Ann_,\nhere') == squeezed("tom & ann here")


def kinds(told: Told) -> list[str]:
    [dialog] = dialogs(told.case)
    return [out.kind for out in dialog.outs]


def test_a_word_about_the_handover_is_a_notice_near_a_change_only():
    told = Told().says("Hi").bot("Our team is the best.").wait(60).says("A person").handoff().bot("Our team is coming.")
    assert kinds(told) == ["bot", "notice"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Please pay by bank transfer.", "bot"),
        ("Transfer the sum within three days.", "bot"),
        ("La transferencia bancaria tarda tres días.", "bot"),
        ("I am transferring you.", "notice"),
        ("We will connect you with Ann.", "notice"),
        ("Your request has been forwarded.", "notice"),
        ("Le transfiero.", "notice"),
    ],
)
def test_money_is_transferred_as_well(text, kind):
    told = Told().says("Hi").bot("Hello!").says("A person").handoff().bot(text)
    assert kinds(told) == ["bot", kind]


def test_a_notice_of_the_scenario_is_one_at_any_time():
    assert kinds(Told().opens().wait(99).notice("Ding dong (really).")) == ["notice"]


def test_what_the_desk_says_is_no_word_of_the_bots():
    told = Told().says("Hi").handoff().accepts().wait(60).enters("system", "A cake for you", by="desk")
    assert kinds(told.bot("A cake for you").bot("Another cake for you")) == ["notice", "bot"]


def test_two_replies_alike_are_carried_by_a_message_each():
    told = Told().says("Hi").handoff().accepts().replies("Yes").replies("Yes").passes_on(back=2).passes_on()
    [dialog] = dialogs(told.case)
    first, second = (out.reply for out in dialog.outs)
    assert first is not None and second is not None and first.n < second.n


def test_a_customer_whom_the_desk_does_not_know_has_a_dialog_too():
    told = Told(people=("anna", "boris")).says("Hi").opens().to("boris").says("Hi")
    assert [dialog.conv[-4:] for dialog in dialogs(told.case)] == ["anna"]
    assert [dialog.conv[-4:] for dialog in all_dialogs(told.case)] == ["anna", "oris"]
