"""The client signs in, finds and makes what a handover needs, and is told of errors, over TLS, without a changed line."""

from __future__ import annotations

import pytest

amocrm = pytest.importorskip("amocrm.v2", reason="amocrm-api is not installed")
requests = pytest.importorskip("requests")

pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning")

from .conftest import Running


@pytest.fixture
def signed_in(running: Running) -> Running:
    amocrm.tokens.default_token_manager._storage = None
    amocrm.tokens.default_token_manager(
        client_id=running.environment["AMOCRM_CLIENT_ID"],
        client_secret=running.environment["AMOCRM_CLIENT_SECRET"],
        subdomain=running.environment["AMOCRM_SUBDOMAIN"],
        redirect_url="https://bot.example/oauth",
        storage=amocrm.tokens.MemoryTokensStorage(),
    )
    amocrm.tokens.default_token_manager.init(running.environment["AMOCRM_CODE"])
    return running


def test_the_client_signs_in_over_tls(signed_in: Running) -> None:
    assert signed_in.calls[0] == ("POST /oauth2/access_token", 200)


def test_a_lead_is_made_found_and_changed(signed_in: Running) -> None:
    lead = amocrm.Lead(name="Delivery question")
    lead.save()
    found = amocrm.Lead.objects.get(lead.id)
    assert found.name == "Delivery question"
    found.name = "Return"
    found.save()
    assert amocrm.Lead.objects.get(lead.id).name == "Return"


def test_a_contact_is_made_and_listed(signed_in: Running) -> None:
    contact = amocrm.Contact(name="Ann")
    contact.save()
    assert "Ann" in [each.name for each in amocrm.Contact.objects.all()]


def test_a_host_without_a_fake_is_refused(running: Running) -> None:
    with pytest.raises(requests.exceptions.ProxyError):
        requests.get("https://vendor.example/", timeout=5)


def test_only_who_trusts_the_authority_gets_in(running: Running) -> None:
    session = requests.Session()
    session.trust_env = False  # the world's authorities, not ours
    session.proxies = {"https": running.environment["HTTPS_PROXY"]}
    with pytest.raises(requests.exceptions.SSLError):
        session.get(f"https://{running.environment['AMOCRM_SUBDOMAIN']}.amocrm.ru/", timeout=5)
