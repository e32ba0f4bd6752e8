"""The node `http_request`: sends one request, to Microsoft Graph as a rule."""
