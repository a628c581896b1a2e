"""Rosters, their judging, enrolment, and the memberships that come of it."""
