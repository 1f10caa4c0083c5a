"""The only code that opens sockets: the fakes' listener, the couriers to the bot, faults, the control API."""

from chatdrill.serve.asgi import AsgiApp
from chatdrill.serve.channel import Channel
from chatdrill.serve.client import Client
from chatdrill.serve.faults import Fault
from chatdrill.serve.loop import run
from chatdrill.serve.options import DeliverOptions, Doors, ListenOptions
from chatdrill.serve.stage import Stage

__all__ = ["AsgiApp", "Channel", "Client", "DeliverOptions", "Doors", "Fault", "ListenOptions", "Stage", "run"]
