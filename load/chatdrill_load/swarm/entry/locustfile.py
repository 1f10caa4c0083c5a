"""The locustfile of ``chatdrill load``: one kind of customer, as the plan says."""

from __future__ import annotations

from chatdrill_load.plan import read_plan
from chatdrill_load.swarm.users import CustomerUser

_plan = read_plan()


class Customers(CustomerUser):
    """The customers of the plan."""

    scenarios = tuple(_plan.job.paths)
    arrivals = _plan.arrivals
    customers_max = _plan.customers if _plan.arrivals is not None else 0
