"""Calendars, events, recurring series and calendar views."""
