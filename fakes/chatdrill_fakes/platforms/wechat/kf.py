"""WeChat's own customer service: its accounts, sessions, and when the bot hears nothing.

Source: developers.weixin.qq.com, customer service management, forwarding messages (2026).
"""

from __future__ import annotations

from typing import Any

from chatdrill.model import Event
from chatdrill.wire import Later
from chatdrill_fakes.platforms.wechat import limits
from chatdrill_fakes.platforms.wechat.calls import Answered, Asked
from chatdrill_fakes.platforms.wechat.errors import ApiError
from chatdrill_fakes.platforms.wechat.state import Agent, Json, Session, WeChatChat

WAITING_MAX = 100
_PUSHED = ("text", "image", "voice", "video", "shortvideo", "location", "link", "miniprogrampage")


def settle(chat: WeChatChat, at: float) -> None:
    """A session in which nobody has said anything for half an hour is over, and pushes come again."""
    if chat.session is not None and at - chat.session.active_at > limits.KF_IDLE_S:
        chat.session = None


def transfer(asked: Asked, chat: WeChatChat, after: str, info: Any) -> None:
    """The message goes to the customer service: to whom is named, else to whoever takes it. After an event nothing happens."""
    if after not in _PUSHED:
        return
    account = info.get("KfAccount") if isinstance(info, dict) else None
    if account is not None and account not in asked.state.agents:
        raise ApiError(65401, f"there is no account {str(account)[:60]!r}")
    at = chat.at(asked.now)
    if chat.session is None:
        chat.session = Session("", at, at)
    _note(asked, chat, 2003, str(account or ""))


def _note(asked: Asked, chat: WeChatChat, code: int, worker: str) -> None:
    last = next((message.text for message in reversed(chat.messages.values()) if message.author == "customer"), "")
    entry = {"openid": chat.address, "opercode": code, "text": last, "time": int(chat.at(asked.now)), "worker": worker}
    asked.state.records.append(entry)


# ---------------------------------------------------------------------------------------------------------- accounts


def listed(asked: Asked) -> Answered:
    """All accounts."""
    agents = asked.state.agents.values()
    return Answered({"kf_list": [_shown(agent) for agent in agents]}, is_bare=True)


def _shown(agent: Agent) -> Json:
    picture = {"kf_headimgurl": "http://mmbiz.qpic.cn/mmbiz/acme/300"}
    return {"kf_account": agent.account, **picture, "kf_id": agent.number, "kf_nick": agent.nick, "kf_wx": agent.wx}


def online(asked: Asked) -> Answered:
    """Who is there, and with how many customers."""
    there = [agent for agent in asked.state.agents.values() if agent.is_online]
    busy = [chat.session.agent for chat in asked.state.chats.values() if chat.session]
    rows = [
        {"kf_account": each.account, "status": 1, "kf_id": each.number, "accepted_case": busy.count(each.account)}
        for each in there
    ]
    return Answered({"kf_online_list": rows}, is_bare=True)


def add(asked: Asked) -> Answered:
    """A new account, which nobody works with until somebody is invited."""
    account, nick = _account_name(asked), _nick(asked)
    agents = asked.state.agents
    if account in agents:
        raise ApiError(65406)
    if len(agents) >= limits.KF_ACCOUNTS_MAX:
        raise ApiError(65405)
    number = max((int(agent.number) for agent in agents.values()), default=1000) + 1
    agents[account] = Agent(account, nick, str(number), is_online=False)
    return Answered()


def update(asked: Asked) -> Answered:
    """Another name."""
    _agent(asked).nick = _nick(asked)
    return Answered()


def invite(asked: Asked) -> Answered:
    """Somebody is asked to work with an account; here they say yes."""
    agent, wx = _agent(asked), asked.given("invite_wx", 65409)
    if any(each.wx == wx for each in asked.state.agents.values()):
        raise ApiError(65407)
    agent.wx = wx
    return Answered()


def delete(asked: Asked) -> Answered:
    """An account is gone, and its sessions with it."""
    agent = _agent(asked)
    del asked.state.agents[agent.account]
    for chat in asked.state.chats.values():
        if chat.session is not None and chat.session.agent == agent.account:
            chat.session = None
    return Answered()


def _account_name(asked: Asked) -> str:
    account = asked.given("kf_account", 65401)
    name, at, _ = account.partition("@")
    if not at or not 1 <= len(name) <= 10 or not name.replace("_", "").isalnum():
        raise ApiError(65404, "an account is up to ten letters or digits, @ and the account's own name")
    return account


def _nick(asked: Asked) -> str:
    nick = asked.given("nickname", 65403)
    if len(nick) > 16:
        raise ApiError(65403, "a nickname has up to 16 characters")
    return nick


def _agent(asked: Asked) -> Agent:
    agent = asked.state.agents.get(asked.given("kf_account", 65401))
    if agent is None:
        raise ApiError(65401)
    return agent


# ---------------------------------------------------------------------------------------------------------- sessions


def create(asked: Asked) -> Answered:
    """An agent takes a customer over."""
    chat, agent = asked.person(), _agent(asked)
    if not agent.wx:
        raise ApiError(65402)
    if not agent.is_online:
        raise ApiError(65415)
    if chat.session is not None and chat.session.agent not in ("", agent.account):
        raise ApiError(65414)
    return _evented(chat, "kf_create_session", agent)


def close(asked: Asked) -> Answered:
    """An agent is done with a customer."""
    chat, agent = asked.person(), _agent(asked)
    if chat.session is None:
        raise ApiError(65413)
    if chat.session.agent not in ("", agent.account):
        raise ApiError(65414)
    return _evented(chat, "kf_close_session", agent)


def _evented(chat: WeChatChat, name: str, agent: Agent) -> Answered:
    later = Later(limits.SOON_S, chat.address, Event(name=name, data={"KfAccount": agent.account}))
    return Answered(to=chat.address, later=(later,))


def session(asked: Asked) -> Answered:
    """Who is in charge of a customer; an empty account says that nobody is."""
    chat = asked.person()
    settle(chat, chat.at(asked.now))
    found = chat.session
    if found is None or not found.agent:
        return Answered({"createtime": 0, "kf_account": ""}, to=chat.address, is_bare=True)
    return Answered({"createtime": int(found.since), "kf_account": found.agent}, to=chat.address, is_bare=True)


def sessions(asked: Asked) -> Answered:
    """The customers of an agent."""
    agent = _agent(asked)
    rows = [
        {"createtime": int(chat.session.since), "openid": chat.address}
        for chat in asked.state.chats.values()
        if chat.session is not None and chat.session.agent == agent.account
    ]
    return Answered({"sessionlist": rows}, is_bare=True)


def waiting(asked: Asked) -> Answered:
    """Who waits for an agent; up to a hundred are told."""
    rows = [
        {"latest_time": int(chat.session.active_at), "openid": chat.address}
        for chat in asked.state.chats.values()
        if chat.session is not None and not chat.session.agent
    ]
    return Answered({"count": len(rows), "waitcaselist": rows[:WAITING_MAX]}, is_bare=True)


def records(asked: Asked) -> Answered:
    """What was said in a stretch of up to a day."""
    begin, end = asked.number("starttime", 0, 2**33), asked.number("endtime", 0, 2**33)
    if not 0 <= end - begin <= limits.RECORDS_MAX_S:
        raise ApiError(65416, "from starttime to endtime is up to a day")
    first, most = asked.number("msgid", 1, 2**53), asked.number("number", 1, limits.PAGE_MAX)
    found = [each for each in asked.state.records if begin <= each["time"] <= end][first - 1 :][:most]
    return Answered({"recordlist": found, "number": len(found), "msgid": first + len(found)}, is_bare=True)
