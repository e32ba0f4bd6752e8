"""The sandbox's own pages: addresses, people, app registrations, requests, faults, reset.

They show and change the tenant for a person at a browser of this machine. They must not know how
Entra ID and Microsoft Graph answer, and show neither token nor code.
"""
