"""Appointments, iCalendar import, and the café's opening hours."""
