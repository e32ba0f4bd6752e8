"""OAuth 2.0 with Microsoft Entra ID: as a user or as the application."""
