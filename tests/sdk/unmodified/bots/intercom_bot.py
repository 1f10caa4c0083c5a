"""python-intercom, over httpx."""

import os

import intercom

intercom.Intercom(token=os.environ["INTERCOM_ACCESS_TOKEN"]).admins.list()
