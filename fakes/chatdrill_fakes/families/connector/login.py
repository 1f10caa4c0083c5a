"""The login service of Microsoft, as far as a bot asks it: tokens for its app id and password, and where all of this lies.

Source: learn.microsoft.com, Authenticate requests from your bot to the Bot Connector service (2025); what MSAL asks before it logs in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.families.connector import tokens

HOST = "login.microsoftonline.com"
METADATA_HOST = "login.botframework.com"
METADATA_PATH = "/v1/.well-known/openidconfiguration"


def problem(given: Mapping[str, Any], app_id: str, password: str) -> HttpResponse | None:
    """What is wrong with a request for a token, if anything is."""
    if given.get("grant_type") != "client_credentials":
        return _denied(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
    if given.get("client_id") != app_id:
        return _denied(400, "unauthorized_client", 700016, "Application was not found in the directory.")
    if given.get("client_secret") != password:
        return _denied(401, "invalid_client", 7000215, "Invalid client secret provided.")
    return None


def granted(token: str, valid_s: int) -> HttpResponse:
    """A token, and how long it is good for."""
    valid = {"expires_in": valid_s, "ext_expires_in": valid_s}
    return json_response({"token_type": "Bearer", **valid, "access_token": token})


def metadata(base_url: str) -> HttpResponse:
    """Who signs the Connector's tokens, and where the keys are."""
    told = {
        "issuer": tokens.ISSUER,
        "authorization_endpoint": "https://invalid.botframework.com",
        "jwks_uri": f"{base_url}/v1/.well-known/keys",
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
    }
    return json_response(told)


def tenant(base_url: str, name: str) -> HttpResponse:
    """Where the login service gives tokens (MSAL asks before it logs in)."""
    root = f"{base_url}/{name}"
    told = {
        "issuer": f"{root}/v2.0",
        "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
        "token_endpoint": f"{root}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "response_types_supported": ["token"],
        "subject_types_supported": ["pairwise"],
    }
    return json_response(told)


def instances(base_url: str) -> HttpResponse:
    """By which names the login service goes (MSAL asks where a login failed)."""
    told = {
        "tenant_discovery_endpoint": f"{base_url}/common/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [{"preferred_network": HOST, "preferred_cache": HOST, "aliases": [HOST]}],
    }
    return json_response(told)


def _denied(status: int, error: str, code: int, words: str) -> HttpResponse:
    told = {"error": error, "error_description": f"AADSTS{code}: {words}", "error_codes": [code]}
    return json_response(told, status=status)
