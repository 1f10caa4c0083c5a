"""The calls of API v4: contacts, leads, incoming leads, talks, notes, tasks, users, webhooks."""
