"""zenpy, over requests."""

import os

import zenpy
from zenpy.lib.api_objects import Comment, Ticket

known = {"email": os.environ["ZENDESK_EMAIL"], "token": os.environ["ZENDESK_API_TOKEN"]}
client = zenpy.Zenpy(subdomain=os.environ.get("ACCOUNT", os.environ["ZENDESK_SUBDOMAIN"]), **known)
client.tickets.create(Ticket(subject="by zenpy", comment=Comment(body="by zenpy")))
