"""Slack: Events API, interactivity, slash commands, Web API, Socket Mode."""

from chatdrill_fakes.platforms.slack.state import SlackState
from chatdrill_fakes.platforms.slack.wire import Slack, platform

__all__ = ["Slack", "SlackState", "platform"]
