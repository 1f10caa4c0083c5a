"""What the fake of Intercom declares: settings, capabilities, delivery, topics."""

from __future__ import annotations

from chatdrill.wire import Delivery, DeskCapabilities, Retry, Setting

SETTINGS: tuple[Setting, ...] = (
    Setting("token", "dG9rOmNoYXRkcmlsbA==", "access token of the app", "INTERCOM_ACCESS_TOKEN", secret=True),
    Setting("client_secret", "chatdrill-ic-secret", "signs the webhooks", "INTERCOM_CLIENT_SECRET", secret=True),
    Setting("app_id", "cdrl4711", "id of the workspace", "INTERCOM_APP_ID"),
    Setting("admin_id", "991267459", "the admin seat that the bot acts under", "INTERCOM_ADMIN_ID"),
    Setting("admin_name", "Robo Helper", "its name", "INTERCOM_ADMIN_NAME"),
    Setting("admin_email", "robo@support.example", "its e-mail address", "INTERCOM_ADMIN_EMAIL"),
    Setting("operator_id", "991267454", "the id of Intercom's own bot", "INTERCOM_OPERATOR_ID"),
    Setting("team_id", "5017691", "the team that conversations are handed to", "INTERCOM_TEAM_ID"),
    Setting("team_name", "Support", "its name", "INTERCOM_TEAM_NAME"),
    Setting("ticket_type_id", "53", "a ticket type that customers see", "INTERCOM_TICKET_TYPE_ID"),
    Setting("back_office_type_id", "54", "a ticket type that only agents see", "INTERCOM_BACK_OFFICE_TYPE_ID"),
    Setting("version", "2.14", "API version of calls that name none, and of the webhooks", "INTERCOM_VERSION"),
    Setting("app_package_code", "chatdrill-bot", "marks parts that the app made", "INTERCOM_APP_PACKAGE_CODE"),
    Setting("topics", "", "subscribed topics, by commas; nothing: all of them", "INTERCOM_TOPICS"),
    Setting("rate_limits", "yes", "refuse what is too fast (429)", "INTERCOM_RATE_LIMITS"),
    Setting("calls_per_minute", "10000", "the app's rate limit", "INTERCOM_CALLS_PER_MINUTE"),
    Setting("default_team", "no", "new conversations go to the team by themselves", "INTERCOM_DEFAULT_TEAM"),
    Setting(
        "distribution",
        "manual",
        "how the team's queue is given out: manual, round_robin, load_balanced",
        "INTERCOM_DISTRIBUTION",
    ),
    Setting("assignment_limit", "5", "open conversations of one agent, load balanced", "INTERCOM_ASSIGNMENT_LIMIT"),
    Setting("search_delay_s", "0", "seconds until a new contact is found by search", "INTERCOM_SEARCH_DELAY_S"),
    Setting("csat", "no", "a workflow asks for a rating when an agent closes", "INTERCOM_CSAT"),
    Setting("away_reason_required", "no", "away mode needs a reason", "INTERCOM_AWAY_REASON_REQUIRED"),
    Setting("validate_endpoint", "yes", "check the webhook's address by HEAD", "INTERCOM_VALIDATE_ENDPOINT"),
)

CAPABILITIES = DeskCapabilities(
    acts=frozenset(
        {
            "accept",
            "decline",
            "take_over",
            "reply",
            "delete_reply",
            "note",
            "agent_typing",
            "transfer",
            "set_state",
            "close",
            "release",
            "reopen",
            "set_presence",
            "rate",
            "elapse",
        }
    ),
    lacks={
        "edit_reply": "intercom tells no app of an edited reply; delete it and reply again",
        "reply_to": "intercom has no quoted replies; leave reply_to out",
        "reply.part": "an intercom agent sends text and files; write what else is meant as text",
        "state.conversation": "a conversation is open, snoozed or closed; pending and solved exist for tickets only",
        "state.ticket": "a ticket is submitted (new), in progress (open), waiting on customer (pending) or resolved (solved)",
        "elapse": "intercom's own timers are 'unsnooze' and 'ping'",
        "forge.stale": "the signature of intercom has no timestamp: a webhook that somebody kept stays valid",
    },
    mirrors=False,
    survey="page",
    reopens="same",
    retries_hooks=True,
    media="both",
)

DELIVERY = Delivery(
    ack_timeout_s=5.0,
    success="2xx",
    retry=Retry(delays_s=(60.0,), attempts_max=2),
    order="first_try",
    concurrency_max=20,
    registered_by="owner",
    source="Intercom, Webhooks: delivering notifications (autumn 2026); concurrency is chatdrill's",
)

VERSIONS = frozenset(
    {*(f"1.{n}" for n in range(5)), *(f"2.{n}" for n in range(18)), "Unstable", "Preview", "unstable", "preview"}
)
PLAIN_BODIES_SINCE = (2, 15)
"""From this version on, bodies in webhooks are plain text. Source: Intercom, conversation part model 2.15."""

TOPICS = (
    "ping",
    "admin.away_mode_updated", "admin.logged_in", "admin.logged_out",
    "contact.user.created", "contact.lead.created", "contact.user.updated", "contact.lead.updated",
    "contact.archived", "contact.unarchived", "contact.deleted", "contact.merged",
    "conversation.user.created", "conversation.user.replied",
    "conversation.admin.replied", "conversation.admin.noted", "conversation.admin.assigned",
    "conversation.admin.open.assigned", "conversation.admin.closed", "conversation.admin.opened",
    "conversation.admin.snoozed", "conversation.admin.unsnoozed",
    "conversation.rating.added", "conversation.deleted",
    "conversation.contact.attached", "conversation.contact.detached",
    "conversation_part.redacted", "conversation_part.tag.created",
    "ticket.created", "ticket.state.updated", "ticket.attribute.updated", "ticket.note.created",
    "ticket.admin.assigned", "ticket.team.assigned", "ticket.admin.replied", "ticket.contact.replied",
    "ticket.closed", "ticket.resolved", "ticket.rating.provided",
)  # fmt: skip
NEVER_SENT = (
    "conversation.operator.replied", "conversation.admin.single.created", "conversation.read",
    "conversation.priority.updated", "ticket.contact.attached",
)  # fmt: skip
