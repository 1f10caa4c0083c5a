"""infobip-api-python-client, unmodified: what it sends is taken, what comes to it is parsed by its models.

The client insists on HTTPS, so its calls go through the redirect to the stage; its own configuration has a proxy and an authority.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from chatdrill.clock import WallClock
from chatdrill.model import Block, Customer, Sent, Text, Write
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Called, Recorder, Took
from chatdrill_fakes.platforms.infobip import platform
from sdk.late import late

pytest.importorskip("trustme", reason="trustme is not installed")

sdk = late("infobip_api_client", "infobip-api-python-client")
models = late("infobip_api_client.models", "infobip-api-python-client")
errors = late("infobip_api_client.exceptions", "infobip-api-python-client")

T = TypeVar("T")


class Rehearsal:
    """A stage with one customer, and the SDK's client beside its loop."""

    def __init__(self, folder: Path) -> None:
        clock = WallClock()
        self.recorder = Recorder(clock)
        listen = ListenOptions(port=0, redirect=folder)
        self.stage = Stage(clock=clock, seed=Seed(7), recorder=self.recorder, listen=listen)
        self.channel = self.stage.add(platform)
        self.to = ""

    async def open(self) -> None:
        await self.stage.open()
        anna = Customer(key="anna", first_name="Anna", phone="+41790000001")
        self.to = self.stage.join("infobip", anna, case="case", conv="case/anna")

    def api(self, **given: Any) -> Any:
        known = self.stage.environment()
        auth = given or {"api_key": known["INFOBIP_API_KEY"]}
        configuration = sdk.Configuration(host="https://api.infobip.com", ssl_ca_cert=known["SSL_CERT_FILE"], **auth)
        configuration.proxy = known["HTTPS_PROXY"]
        return sdk.SmsApi(sdk.ApiClient(configuration))

    async def does(self, call: Callable[..., T], *args: Any, **options: Any) -> T:
        return await asyncio.to_thread(call, *args, **options)

    def request(self, text: str = "Hello", to: str = "", **fields: Any) -> models.SmsRequest:
        content = models.SmsMessageContent(models.SmsTextContent(text=text))
        one = models.SmsMessage(
            sender=self.channel.settings["sender"],
            destinations=[models.SmsDestination(to=to or self.to)],
            content=content,
            **fields,
        )
        return models.SmsRequest(messages=[one])

    @property
    def texts(self) -> list[str]:
        took = [each.effect for each in self.recorder.records if isinstance(each, Took)]
        return [effect.message.text for effect in took if isinstance(effect, Sent)]


@pytest.fixture
async def rehearsal(tmp_path: Path) -> AsyncIterator[Rehearsal]:
    made = Rehearsal(tmp_path)
    await made.open()
    yield made
    await made.stage.close()


async def test_a_message_is_sent_and_reported_once(rehearsal):
    api = rehearsal.api()
    (sent,) = (await rehearsal.does(api.send_sms_messages, rehearsal.request("Ваш заказ"))).messages
    assert sent.status.name == "PENDING_ACCEPTED" and rehearsal.texts == ["Ваш заказ"]
    async with asyncio.timeout(10):
        while not (reports := (await rehearsal.does(api.get_outbound_sms_message_delivery_reports)).results):
            await asyncio.sleep(0.02)
    (report,) = reports
    assert (
        report.message_id == sent.message_id
        and report.status.name == "DELIVERED_TO_HANDSET"
        and report.error.name == "NO_ERROR"
    )
    assert not (await rehearsal.does(api.get_outbound_sms_message_delivery_reports)).results


async def test_what_customers_write_is_parsed(rehearsal):
    rehearsal.stage.act("infobip", rehearsal.to, Write(parts=(Text(text="Where is 553?"),)))
    (inbound,) = (await rehearsal.does(rehearsal.api().get_inbound_sms_messages)).results
    assert (inbound.text, inbound.var_from, inbound.sms_count) == ("Where is 553?", rehearsal.to, 1)


async def test_a_preview_and_logs_are_parsed(rehearsal):
    api = rehearsal.api()
    preview = await rehearsal.does(api.preview_sms_message, models.SmsPreviewRequest(text="я" * 71))
    assert preview.previews[0].message_count == 2
    await rehearsal.does(api.send_sms_messages, rehearsal.request())
    (log,) = (await rehearsal.does(api.get_outbound_sms_message_logs)).results
    assert log.destination == rehearsal.to and log.content.to_dict()["text"] == "Hello"


async def test_a_bulk_is_scheduled_and_canceled(rehearsal):
    from datetime import UTC, datetime, timedelta

    api, request = rehearsal.api(), rehearsal.request()
    schedule = models.SmsRequestSchedulingSettings(bulk_id="bulk-9", send_at=datetime.now(UTC) + timedelta(hours=1))
    request.options = models.SmsMessageRequestOptions(schedule=schedule)
    await rehearsal.does(api.send_sms_messages, request)
    assert (
        rehearsal.texts == [] and (await rehearsal.does(api.get_scheduled_sms_messages, "bulk-9")).bulk_id == "bulk-9"
    )
    update = models.SmsUpdateStatusRequest(status=models.SmsBulkStatus.CANCELED)
    assert (await rehearsal.does(api.update_scheduled_sms_messages_status, "bulk-9", update)).status == "CANCELED"


async def test_who_left_is_rejected_with_200(rehearsal):
    rehearsal.stage.act("infobip", rehearsal.to, Block())
    (sent,) = (await rehearsal.does(rehearsal.api().send_sms_messages, rehearsal.request())).messages
    assert sent.status.group_name == "REJECTED" and sent.status.id == 14
    (call,) = [one for one in rehearsal.recorder.records if isinstance(one, Called)]
    assert not call.ok and rehearsal.texts == []


async def test_refused_calls_raise_the_sdks_errors(rehearsal):
    wrong = rehearsal.api(api_key="wrong")
    with pytest.raises(errors.UnauthorizedException):
        await rehearsal.does(wrong.send_sms_messages, rehearsal.request())
    with pytest.raises(errors.BadRequestException):
        await rehearsal.does(rehearsal.api().send_sms_messages, rehearsal.request(text=""))
