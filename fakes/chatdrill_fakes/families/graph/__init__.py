"""What Messenger and Instagram share: the Graph API around a Page or an account, its Send API, threads, webhooks.

Nothing here knows which of the two it serves: what differs is a ``Product``, an ``Api``, and the state's own class.
"""
