# lib/ical
