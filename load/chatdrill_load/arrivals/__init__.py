"""When customers come: a plan in one line, and the moments it means. Pure, but for the file of a recorded plan.

The words of a plan stand in docs/reference/load-arrivals.md.
"""

from chatdrill_load.arrivals.curve import Curve, Fall
from chatdrill_load.arrivals.plan import Arrivals
from chatdrill_load.arrivals.reading import EXAMPLES, read_arrivals

__all__ = ["EXAMPLES", "Arrivals", "Curve", "Fall", "read_arrivals"]
