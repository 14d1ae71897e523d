"""Accounts of editors: the second factor, invitations, sessions, roles, and closing an account."""
