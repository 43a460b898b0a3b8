"""Appointments, iCalendar import, the café's hours."""
