"""What helpdesks have in common: REST routes, files that bots bring, and plain words out of markup."""

from chatdrill_fakes.families.desks.dividing import Divided, Division
from chatdrill_fakes.families.desks.filing import fetched_file, uploaded_file
from chatdrill_fakes.families.desks.markup import plain_words
from chatdrill_fakes.families.desks.routing import Refused, Route, Visit, answer, route

__all__ = [
    "Divided",
    "Division",
    "Refused",
    "Route",
    "Visit",
    "answer",
    "fetched_file",
    "plain_words",
    "route",
    "uploaded_file",
]
