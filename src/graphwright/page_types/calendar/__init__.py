"""The page type calendar: events in days and weeks."""
