"""How many agents are needed, hour by hour, so that customers reach a human in time.

Two answers to the same question, side by side. A *simulation* replays the handoffs that were measured: their gaps, their handling
times, customers who give up, agents who talk to several customers at once. *Erlang C* (and *Erlang A*, where customers give up)
is the formula that planners know; it takes gaps, handling times and patience to be exponential and sees every chat of
an agent as a server of its own. Where the two differ, the measured times are not what the formula takes them to be.

``target`` reads what was promised, ``erlang`` has the formulas, ``floor`` the simulation of an hour, ``demand`` what was
measured and how it is drawn again, ``estimate`` puts them together.
"""

from chatdrill_load.staffing.demand import Demand, mean_patience_s
from chatdrill_load.staffing.erlang import Traffic, Waiting, erlang_b, erlang_c, servers_needed, waiting
from chatdrill_load.staffing.estimate import ErlangAgents, HourStaffing, Staffing, agents_needed
from chatdrill_load.staffing.target import TimeToHuman, read_target

__all__ = [
    "Demand",
    "ErlangAgents",
    "HourStaffing",
    "Staffing",
    "TimeToHuman",
    "Traffic",
    "Waiting",
    "agents_needed",
    "erlang_b",
    "erlang_c",
    "mean_patience_s",
    "read_target",
    "servers_needed",
    "waiting",
]
