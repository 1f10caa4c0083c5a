"""Who gets into the console, and what it lets out."""

from __future__ import annotations

import hashlib

import pytest

XSS = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


DOORS = ("setup", "state", "stream", "wire/0", "env", "time", "blob/telegram/0", "sample/clip.mp4")


@pytest.mark.parametrize("door", DOORS)
def test_nothing_is_told_without_the_token(served, door):
    assert served.ask("GET", door)[0] == 401
    assert served.ask("GET", door, X_Chatdrill_Token="guess")[0] == 401
    assert served.ask("GET", door, Cookie="chatdrill_console=guess")[0] == 401


def test_the_token_is_traded_for_a_cookie_that_no_script_sees(served):
    status, _, headers = served.ask("POST", "enter", X_Chatdrill_Token=served.token)
    cookie = headers["Set-Cookie"]
    assert status == 200 and "HttpOnly" in cookie and "SameSite=Strict" in cookie
    assert served.ask("GET", "setup", Cookie=cookie.partition(";")[0])[0] == 200
    assert served.ask("POST", "enter", X_Chatdrill_Token="guess")[0] == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "http://localhost:3000"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "cross-site"},
    ],
)
def test_another_page_of_this_machine_is_a_stranger_also_with_the_token(served, headers):
    status, told, _ = served.ask("GET", "setup", X_Chatdrill_Token=served.token, **headers)
    assert status == 403 and "page" in told["error"]


def test_a_name_that_only_leads_here_is_refused(served):
    assert served.ask("GET", "", Host="rebound.example")[0] == 403


def test_the_page_allows_no_script_but_its_own_and_no_other_place(served):
    status, page, headers = served.ask("GET", "")
    policy = headers["Content-Security-Policy"]
    assert status == 200 and b"http" not in page.replace(b"http-equiv", b"")
    assert "default-src 'none'" in policy and "'unsafe" not in policy and "connect-src 'self'" in policy


@pytest.mark.parametrize("name", ["../doors.py", "..%2fdoors.py", "/etc/passwd", "vendor/../../gate.py", "nothing.js"])
def test_only_the_pages_own_files_are_handed_out(served, name):
    assert served.ask("GET", f"assets/{name}")[0] == 404


def test_a_file_that_a_browser_could_run_is_for_saving_only(served):
    joined = served.do("POST", "join", {"platform": "telegram", "customer": "eve"})
    served.upload(joined["to"], "a.svg", XSS)
    sha256 = hashlib.sha256(XSS).hexdigest()
    status, content, headers = served.ask("GET", f"blob/telegram/{sha256}", X_Chatdrill_Token=served.token)
    assert (status, content) == (200, XSS)
    assert headers["Content-Type"] == "application/octet-stream" and headers["Content-Disposition"] == "attachment"


def test_scenarios_are_written_below_the_working_folder_only(served):
    joined = served.do("POST", "join", {"platform": "telegram", "customer": "otto"})
    served.do("POST", "act", {"platform": "telegram", "to": joined["to"], "text": "Hi"})
    for folder in ("../elsewhere", "/tmp/elsewhere"):
        body = {"name": "x", "convs": [joined["conv"]], "folder": folder}
        status, told, _ = served.ask("POST", "scenario", body, X_Chatdrill_Token=served.token)
        assert status == 422 and "leads out of it" in told["error"]


@pytest.mark.parametrize(
    ("door", "body"),
    [
        ("again", {"n": 10**9}),
        ("again", {"n": 0, "copies": 1000}),
        ("again", {"n": "x"}),
        ("scenario", {"name": "", "convs": []}),
        ("scenario", {"name": "x", "convs": ["by hand/nobody"]}),
        ("scenario", []),
    ],
)
def test_a_wrong_request_is_answered_in_words(served, door, body):
    status, told, _ = served.ask("POST", door, body, X_Chatdrill_Token=served.token)
    assert status == 422 and told["error"]


def test_the_browser_is_sent_to_the_address_that_is_printed(served):
    assert (served.folder / "opened").read_text("utf-8") == served.address
