"""The calls of the chats API (amojo): a channel's messages, in and out."""
