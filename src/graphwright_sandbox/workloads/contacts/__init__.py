"""Contacts: everybody's own address book in folders, with photos."""
