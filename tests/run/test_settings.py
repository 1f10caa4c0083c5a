"""Where a setting comes from, and what is said about one that cannot be."""

from __future__ import annotations

import re

import pytest

from chatdrill.cli.options import public
from chatdrill.errors import SettingsError
from chatdrill.run.options import OPTIONS, USUAL_WEBHOOK
from chatdrill.run.session import Session
from chatdrill.run.settings import load_settings

SHOP = '[calendars.shop]\nzone = "Europe/Warsaw"\nhours = { mon-fri = "09:00-18:00" }\n'
FRIDAY_NOON, HOUR_S = 1_795_172_400.0, 3600.0  # 2026-11-20 12:00 in Warsaw


@pytest.fixture
def load(tmp_path, monkeypatch):
    """``load(toml, flags, **environment)``, in a folder with that file."""
    monkeypatch.chdir(tmp_path)

    def call(toml: str = "", flags: dict | None = None, *, name: str = "chatdrill.toml", **environ: str):
        if toml:
            (tmp_path / name).write_text(toml, "utf-8")
        return load_settings(flags, folder=tmp_path, environ=environ)

    return call


def test_a_flag_beats_a_variable_beats_the_file_beats_the_default(load):
    file, variable, flag = "jobs = 3", {"CHATDRILL_JOBS": "4"}, {"jobs": "5"}
    assert load()["jobs"] is None
    assert load(file)["jobs"] == 3
    assert load(file, **variable)["jobs"] == 4
    assert load(file, flag, **variable)["jobs"] == 5


def test_an_empty_variable_is_not_set(load):
    assert load("jobs = 3", CHATDRILL_JOBS="")["jobs"] == 3


def test_the_file_is_found_above_the_folder_and_in_pyproject(load, tmp_path):
    load("[tool.chatdrill]\nspeed = 4\n", name="pyproject.toml")
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "pyproject.toml").write_text("[project]\nname = 'x'\n", "utf-8")
    assert load_settings(folder=tmp_path / "a" / "b", environ={})["speed"] == 4


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("\nreply_timeuot = '3s'", "chatdrill.toml:2: reply_timeuot: unknown setting; did you mean 'reply_timeout'?"),
        ("jobs = 1\nport = '70000'", "chatdrill.toml:2: port: expected a whole number from 0 to 65535, not '70000'"),
        ("reply_timeout = 'soon'", "chatdrill.toml:1: reply_timeout: expected a duration such as"),
        ("jobs = 2.5", "chatdrill.toml:1: jobs: expected a whole number of at least 1, not 2.5"),
        ("speed = true", "chatdrill.toml:1: speed: expected a positive number, not True"),
        ("webhook = 3", "chatdrill.toml:1: webhook: expected NAME=VALUE, or a table of them, not 3"),
        ("sla = 3", "chatdrill.toml:1: sla: expected a table, written [sla], not 3"),
        ("[telegram]\nx = 1\n", "chatdrill.toml:2: telegram.x: unknown setting of telegram"),
        (
            "[telegram]\ntoken = 'a'\ntokens = 1\n",
            "chatdrill.toml:3: telegram.tokens: unknown setting of telegram; did",
        ),
        (
            "[webhook]\ntelegrm = 'http://a'",
            "chatdrill.toml:1: webhook: unknown platform or desk 'telegrm'; did you mean",
        ),
        ("jobs = ", "not valid TOML"),
    ],
)
def test_a_wrong_file_is_named_with_line_key_and_the_nearest_known(load, toml, says):
    with pytest.raises(SettingsError) as caught:
        load(toml)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("jobs = 1\n\n[sla]\nfirst_respons = '1s'", "chatdrill.toml:4: sla: unknown key 'first_respons'; did you mean"),
        ("[sla]\ncalendar = 'shp'\n" + SHOP, "chatdrill.toml:2: sla: no calendar is called 'shp'; did you mean"),
        ("[sla]\nfirst_response = 'x'", "chatdrill.toml:2: sla: first_response: not a duration"),
        ("[checks]\norder = 'on'\nordr = 'off'", "chatdrill.toml:3: unknown check 'ordr'; did you mean 'order'?"),
        ("[checks]\nno-runaway = {limt = 3}", "chatdrill.toml:2: check 'no-runaway' has no parameter 'limt'"),
    ],
)
def test_a_wrong_check_or_response_time_is_named_with_its_line(load, toml, says):
    with pytest.raises(SettingsError) as caught:
        Session(load(toml), platforms=["whatsapp"], seed=1)
    assert says in str(caught.value)


def test_calendars_of_the_file_can_be_counted_by(load):
    assert load().calendars == {}
    shop = load(SHOP).calendars["shop"]
    assert shop.open_seconds(FRIDAY_NOON, FRIDAY_NOON + 72 * HOUR_S) == 9 * HOUR_S


def test_calendars_may_stand_in_pyproject(load):
    text = SHOP.replace("[calendars", "[tool.chatdrill.calendars")
    assert load(text, name="pyproject.toml").calendars["shop"].block["zone"] == "Europe/Warsaw"


def test_a_calendar_may_be_made_of_those_that_come_after_it(load):
    desk = load('[calendars.desk]\nany_of = ["shop", "ben"]\n' + SHOP + SHOP.replace("shop", "ben")).calendars["desk"]
    assert desk.is_open(FRIDAY_NOON)


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("jobs = 1\n" + SHOP.replace("Warsaw", "Warsow"), "chatdrill.toml:3: calendar shop: zone: unknown time zone"),
        (SHOP.replace("18:00", "25:00"), "chatdrill.toml:3: calendar shop: hours.mon-fri: "),
        (SHOP.replace("hours", "hour"), "calendar shop: hour: unknown key; did you mean 'hours'?"),
        (
            SHOP + '[calendars.desk]\nany_of = ["shp"]',
            "chatdrill.toml:5: calendar desk: any_of: unknown calendar 'shp'",
        ),
        ('[calendars.a]\nany_of = ["b"]\n[calendars.b]\nany_of = ["a"]', "is made of itself: a → b → a"),
        ("jobs = 1\ncalendars = 3", "chatdrill.toml:2: calendars: expected a table, written [calendars.NAME], not 3"),
        ('[calendars]\nzone = "UTC"', "chatdrill.toml:2: calendar zone: expected a table"),
        (
            SHOP.replace("calendars", "calendar"),
            "chatdrill.toml:1: calendar: unknown setting; did you mean 'calendars'?",
        ),
    ],
)
def test_a_calendar_that_cannot_be_is_named_with_its_line(load, toml, says):
    with pytest.raises(SettingsError) as caught:
        load(toml)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"CHATDRILL_SPEED": "fast"}, "CHATDRILL_SPEED: expected a positive number, not 'fast'"),
        ({"CHATDRILL_REPLY_TIMEUOT": "3s"}, "unknown variable; did you mean CHATDRILL_REPLY_TIMEOUT?"),
        ({"CHATDRILL_TELEGRAM_BOT_TOKN": "x"}, "unknown variable; did you mean CHATDRILL_TELEGRAM_BOT_TOKEN?"),
    ],
)
def test_a_wrong_variable_is_named(load, environ, says):
    with pytest.raises(SettingsError) as caught:
        load(**environ)
    assert says in str(caught.value)


def test_variables_that_are_somebody_elses_are_left_alone(load):
    load(CHATDRILL_SEED="5", CHATDRILL_URL="http://127.0.0.1:7700", CHATDRILL_CI_IMAGE="x")


def test_a_platforms_own_settings_come_from_its_table_or_a_variable(load):
    token = "1:" + "a" * 35
    assert load(f"[telegram]\ntoken = '{token}'").platform_settings == {"telegram": {"token": token}}
    assert load(CHATDRILL_TELEGRAM_BOT_TOKEN=token).platform_settings == {"telegram": {"token": token}}


def test_a_webhook_is_one_for_all_or_one_for_each(load):
    settings = load(flags={"webhook": ["http://a/{platform}", "telegram=http://b/?x=1"]})
    assert (settings.webhook("whatsapp"), settings.webhook("telegram")) == ("http://a/whatsapp", "http://b/?x=1")
    assert load().given_webhook("telegram") is None
    assert load().webhook("telegram") == USUAL_WEBHOOK.replace("{platform}", "telegram")


def test_a_port_is_drawn_for_the_bot_once_and_given_to_it(load):
    ports = iter([4711, 4712])
    settings = load(flags={"command": "bot --port {port}", "webhook": ["http://127.0.0.1:{port}/{platform}"]})
    placed = settings.placed(free_port=lambda: next(ports))
    assert placed["command"] == "bot --port 4711"
    assert placed.webhook("telegram") == "http://127.0.0.1:4711/telegram"
    assert placed["bot_env"] == {"PORT": "4711"}


def test_a_port_is_drawn_only_where_one_is_asked_for(load):
    settings = load(flags={"command": "bot"}).placed(free_port=lambda: pytest.fail("nobody asked"))
    assert settings["bot_env"] == {} and settings.given_webhook("telegram") is None


def test_workers_do_not_get_into_each_others_way(load):
    settings = load(flags={"bot_env": ["DB=shop{worker}"], "platform_ports": ["telegram=7701"]})
    placed = settings.placed(worker=2, free_port=lambda: 0)
    assert (placed["port"], placed["platform_ports"], placed["bot_env"]) == (7720, {"telegram": 7721}, {"DB": "shop2"})
    assert load(flags={"port": 0}).placed(worker=2, free_port=lambda: 0)["port"] == 0


def test_paths_in_a_file_start_at_the_file(load, tmp_path, monkeypatch):
    settings = load("command = 'python bot.py'\nout = 'o'")
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    assert (settings.folder("command"), settings.out) == (tmp_path, tmp_path / "o")
    assert load_settings({"out": "o"}, environ={}).out.absolute() == tmp_path / "sub" / "o"


def test_every_option_reads_its_own_default():
    given = [option for option in OPTIONS if option.default not in (None, {}, ())]
    assert given
    assert all(option.read(option.default) == option.default for option in given)


def test_a_single_value_of_a_table_can_be_set_by_a_flag(tmp_path):
    (tmp_path / "chatdrill.toml").write_text('[telegram]\ntoken = "1:file"\n[sla]\nfirst_response = "9s"\n')
    flags = {"set": ["telegram.token=2:flag", "sla.first_response=5s", "checks.unexpected=allow"]}
    settings = load_settings(flags, folder=tmp_path, environ={"CHATDRILL_TELEGRAM_BOT_TOKEN": "3:variable"})
    assert settings.platform_settings["telegram"]["token"] == "2:flag"
    assert settings.tables == {"sla": {"first_response": "5s"}, "checks": {"unexpected": "allow"}}


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("telegram.tokn=x", "did you mean 'token'?"),
        ("telegramm.token=x", "did you mean 'telegram'?"),
        ("token=x", "expected TABLE.NAME=VALUE"),
    ],
)
def test_a_wrong_single_value_names_the_nearest(tmp_path, word, says):
    with pytest.raises(SettingsError, match=re.escape(says)):
        load_settings({"set": [word]}, folder=tmp_path, environ={})


def test_the_value_of_a_setting_stays_out_of_reports():
    words = ["chatdrill", "run", "x", "--set", "telegram.token=1:secret", "--set=sla.first_response=5s"]
    assert public(words) == "chatdrill run x --set telegram.token=... --set=sla.first_response=5s"
