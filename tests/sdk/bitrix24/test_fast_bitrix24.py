"""What fast_bitrix24 asks of a portal, it gets."""

from __future__ import annotations

from typing import Any

import pytest

fast_bitrix24 = pytest.importorskip("fast_bitrix24", reason="fast-bitrix24 is not installed")


@pytest.fixture
def client(server: Any) -> Any:
    return fast_bitrix24.BitrixAsync(server.webhook, verbose=False)


async def leads(client: Any, count: int) -> list[int]:
    return await client.call("crm.lead.add", [{"fields": {"TITLE": f"Lead {n}"}} for n in range(count)])


async def test_get_all_collects_every_page(client: Any, server: Any) -> None:
    ids = await leads(client, 120)
    rows = await client.get_all("crm.lead.list", {"select": ["ID", "TITLE"]})
    assert len(ids) == len(set(ids)) == 120
    assert sorted(int(row["ID"]) for row in rows) == sorted(ids)


async def test_get_by_id_fetches_each_object_by_its_id(client: Any) -> None:
    first, second = await leads(client, 2)
    found = await client.get_by_ID("crm.lead.get", [first, second])
    assert {row["TITLE"] for row in found.values()} == {"Lead 0", "Lead 1"}


async def test_one_call_gives_its_result(client: Any) -> None:
    contact = await client.call("crm.contact.add", {"fields": {"NAME": "Ann", "PHONE": [{"VALUE": "+49 151 1"}]}})
    found = await client.call("crm.duplicate.findbycomm", {"type": "PHONE", "values": ["49151 1"]}, raw=True)
    assert found["result"] == {"CONTACT": [contact]}


async def test_a_batch_may_use_earlier_results(client: Any) -> None:
    found = await client.call_batch(
        {"halt": 0, "cmd": {"new": "crm.lead.add?fields[TITLE]=Parcel%20lost", "old": "crm.lead.get?ID=$result[new]"}}
    )
    assert found["old"]["TITLE"] == "Parcel lost"
    assert found["old"]["ID"] == str(found["new"])


async def test_the_employees_are_listed(client: Any) -> None:
    users = await client.get_all("user.get")
    assert {user["LAST_NAME"] for user in users} == {"", "Weber"}


async def test_an_error_of_the_portal_is_raised(client: Any) -> None:
    with pytest.raises(Exception, match="Not found"):
        await client.call("crm.lead.get", {"ID": 999_999})


async def test_a_wrong_code_is_refused(server: Any) -> None:
    client = fast_bitrix24.BitrixAsync(f"{server.root}/rest/1/wrong/", verbose=False)
    with pytest.raises(Exception, match="401"):
        await client.call("profile", raw=True)
