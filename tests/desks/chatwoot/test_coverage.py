"""What the desk declares is true."""

from __future__ import annotations

import re
from pathlib import Path

from chatdrill_fakes.desks.chatwoot import acting, desk
from chatdrill_fakes.desks.chatwoot.coverage import PROOFS
from chatdrill_fakes.desks.chatwoot.routes import BOTS_MAY, ROUTES


def test_every_proof_of_the_coverage_is_a_test() -> None:
    for each in desk.coverage:
        file, _, test = each.proof.partition("::")
        assert f"def {test}(" in (Path(__file__).parents[3] / file).read_text(), each.name


def test_every_call_has_a_line_in_the_coverage() -> None:
    named = {each.name for each in desk.coverage}
    routed = {each.name for each in ROUTES}
    assert routed <= named and len(named) == len(desk.coverage)
    assert set(PROOFS) - routed == {"GET /rails/active_storage"} and routed >= BOTS_MAY
    assert all(each.note for each in desk.coverage if each.status != "supported")


def test_every_limit_has_a_source_with_a_year() -> None:
    assert all(re.search(r"Chatwoot v4.*20\d\d", limit.source) and limit.value > 0 for limit in desk.limits)


def test_every_act_that_agents_can_do_is_done() -> None:
    tags = {kind.__struct_config__.tag for kind in acting._ACTS} | {"set_presence"}
    assert tags == desk.capabilities.acts and not desk.capabilities.acts & set(desk.capabilities.lacks)
