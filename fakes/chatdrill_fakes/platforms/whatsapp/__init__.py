"""The WhatsApp Cloud API."""

from chatdrill_fakes.platforms.whatsapp.state import WhatsAppState
from chatdrill_fakes.platforms.whatsapp.wire import WhatsApp, platform

__all__ = ["WhatsApp", "WhatsAppState", "platform"]
