"""Teams with their channels, chats, messages and presence (Microsoft Teams)."""
