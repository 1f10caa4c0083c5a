"""The fake ``rasa``: the page or service that speaks to a Rasa bot by its REST channel or its callback channel."""

from chatdrill_fakes.platforms.rasa.state import RasaState
from chatdrill_fakes.platforms.rasa.wire import platform

__all__ = ["RasaState", "platform"]
